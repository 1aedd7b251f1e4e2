import * as z from 'zod';
import { findJob } from '../gateway/find-job.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

/** Our engine's own answer; Flink has none, and its jobs list nothing here. */
const Samples = z.object({
  records: z.array(
    z.object({
      atMs: z.number(),
      split: z.string(),
      position: z.string(),
      reason: z.string(),
      preview: z.string(),
    }),
  ),
});

export const listUndecodableRecords = handler('listUndecodableRecords', async ({ platform, params }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const found = await findJob(platform, deployment);
  if (found.kind === 'none') return { body: { items: [] } };
  const [answer] = await platform.jobs.call(found.job, [{ method: 'GET', path: '/headwater/undecodable' }]);
  const samples = answer?.status === 200 ? Samples.parse(answer.body).records : [];
  return {
    body: {
      items: samples.map(({ atMs, ...record }) => ({ ...record, at: new Date(atMs).toISOString() })),
    },
  };
});
