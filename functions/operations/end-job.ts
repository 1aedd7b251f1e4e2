/** The last writes of a job: how it ended, what it counted, and the first fault, which is kept for ever. */
import type { Event } from '#contract/resources/event.ts';
import { Failure, type JobState } from '#contract/resources/job.ts';
import { jobEndPhrase } from '../control/state-sentences.ts';
import type { Happening } from '../control/new-event.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import type { JobEnd } from '../stores/job-files.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { dropSecrets } from '../steps/launch-secrets.ts';

/** Where an end is written from: a step, or an observer outside of any operation. */
export interface EndContext {
  readonly platform: Platform;
  readonly at: string;
  readonly event: (happening: Happening) => Write;
}

/** How a job ends. */
export interface Ending {
  readonly state: JobState;
  /** A sentence for the attempt and the log. */
  readonly reason: string;
  /** What the platform knows of a failure, where the worker said nothing. */
  readonly failure?: { readonly message: string; readonly reason: string };
}

const severities: Readonly<Partial<Record<JobState, Event['severity']>>> = { failed: 'error' };

export async function endJob(context: EndContext, job: StoredJob, ending: Ending): Promise<Write[]> {
  const { platform, at } = context;
  const [end] = await Promise.all([
    platform.stores.jobFiles.end(job.deploymentId, job.id),
    dropSecrets(platform, job),
  ]);
  const ended: StoredJob = {
    ...job,
    state: ending.state,
    endedAt: at,
    attempts: job.attempts.map((attempt) =>
      attempt.endedAt === null ? { ...attempt, endedAt: at, reason: ending.reason } : attempt,
    ),
    failure: job.failure ?? failureOf(end, ending, at),
    recordsIn: wholeNumber(end?.recordsIn),
    recordsOut: wholeNumber(end?.recordsOut),
    address: null,
    revision: job.revision + 1,
  };
  return [
    platform.stores.jobs.replaced(ended),
    context.event({
      name: 'job-ended',
      severity: severities[ending.state] ?? 'info',
      message:
        `${jobEndPhrase(job.number, ending.state)}: ${ended.failure?.message ?? ending.reason}.`.replace(
          /\.\.$/,
          '.',
        ),
      jobId: job.id,
    }),
  ];
}

function failureOf(end: JobEnd | undefined, ending: Ending, at: string): Failure | null {
  if (ending.state !== 'failed') return null;
  const fault = end?.failure;
  if (fault !== undefined && fault !== null) {
    const { name, atMs, ...known } = fault;
    return Failure.parse({
      ...known,
      reason: name ?? 'job-failed',
      at: atMs === undefined ? at : new Date(atMs).toISOString(),
    });
  }
  return { message: ending.reason, reason: 'job-failed', ...ending.failure, at };
}

function wholeNumber(count: number | null | undefined): number | null {
  return count === null || count === undefined ? null : Math.round(count);
}
