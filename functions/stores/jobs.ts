/** Jobs of deployments in the table, with what only the workflows need to know. */
import * as z from 'zod';
import { endedJobStates, Job } from '#contract/resources/job.ts';
import { Timestamp, Ulid } from '#contract/resources/metadata.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, replaced } from './database.ts';
import { readAll, readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** A job as it is stored. */
export const StoredJob = Job.extend({
  /** The operation that began the newest attempt: so a step that runs twice begins one attempt only. */
  claimedBy: Ulid,
  /** Attempts since the job's last committed checkpoint: what the breaker counts. */
  tries: z.object({
    /** The newest checkpoint in the head when the newest attempt was claimed. */
    checkpointId: z.int().nullable(),
    startedAt: z.array(Timestamp),
  }),
  /** Origin of the REST API of the newest attempt, once it was reached; only the gateway can call it. */
  address: z.string().nullable(),
  /** When the sweep first found the newest attempt silent; null while it answers. */
  silentSince: Timestamp.nullable().default(null),
});
export type StoredJob = z.infer<typeof StoredJob>;

/** Jobs by deployment and number. */
export interface JobStore {
  get(deploymentId: string, number: number): Promise<StoredJob | undefined>;
  latest(deploymentId: string): Promise<StoredJob | undefined>;
  list(deploymentId: string, request: PageRequest): Promise<Page<Job>>;
  /** Every job of the platform that has not ended. */
  live(): Promise<StoredJob[]>;
  created(job: StoredJob): Write;
  /** `job` carries its new revision. */
  replaced(job: StoredJob): Write;
}

export function jobStore(database: Database): JobStore {
  const item = (job: StoredJob) => ({
    ...keys.job(job.deploymentId, job.number, !endedJobStates.includes(job.state)),
    ...job,
  });
  const ofDeployment = (deploymentId: string) => ({
    partition: partitions.deployment(deploymentId),
    prefix: prefixes.job,
  });
  return {
    async get(deploymentId, number) {
      const found = await readItem(database, keys.job(deploymentId, number));
      return found === undefined ? undefined : StoredJob.parse(found);
    },
    async latest(deploymentId) {
      const list = { ...ofDeployment(deploymentId), parse: (found: unknown) => StoredJob.parse(found) };
      return (await readPage(database, list, { limit: 1 })).items[0];
    },
    list: (deploymentId, request) =>
      readPage(database, { ...ofDeployment(deploymentId), parse: (found) => Job.parse(found) }, request),
    live: () =>
      readAll(database, {
        partition: partitions.liveJobs,
        index: true,
        parse: (found) => StoredJob.parse(found),
      }),
    created: (job) => created(database, 'job', item(job)),
    replaced: (job) => replaced(database, 'job', item(job), job.revision - 1),
  };
}
