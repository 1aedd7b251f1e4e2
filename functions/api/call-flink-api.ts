import * as z from 'zod';
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Verb } from '#contract/verbs.ts';
import { flinkId } from '../control/trigger-id.ts';
import { callJob } from '../gateway/call-job.ts';
import { findJob } from '../gateway/find-job.ts';
import { handler } from '../middleware/call.ts';
import type { Reply } from '../middleware/call.ts';
import type { Platform } from '../middleware/platform.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { deploymentNamed, requestVerb } from '../steps/request-verb.ts';
import { barePath, jobVerb } from './flink-path.ts';
import { triggerKey } from './flink-trigger.ts';

const Trigger = z.object({
  drain: z.boolean().nullish(),
  'cancel-job': z.boolean().nullish(),
  triggerId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullish(),
});

const carriedOut = new Set(['stop', 'savepoints', 'checkpoints']);

/**
 * `flink savepoint` and `flink stop` become operations; where the savepoint lies is the platform's matter.
 * `flink checkpoint` goes on to the job, which owns its checkpoints.
 */
export const callFlinkApi = handler('callFlinkApi', async ({ platform, params, body, access }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const path = barePath(params.path);
  const called = jobVerb(path);
  if (called === undefined || !carriedOut.has(called.verb)) throw notHere(path);
  if (called.jobId !== deployment.status.jobId) {
    const errors = [`Could not find Flink job (${called.jobId})`];
    return { status: 404, body: { errors } };
  }
  if (called.verb === 'checkpoints') return takeCheckpoint(platform, deployment, { path, body });
  const request = parsePart(Trigger, body);
  if (request.drain === true) throw notHere(`${path} with drain`);
  const verb: Verb = called.verb === 'stop' || request['cancel-job'] === true ? 'suspend' : 'savepoint';
  const { triggerId } = request;
  const answer = await requestVerb(platform, {
    namespace: params.namespace,
    deployment: params.deployment,
    verb,
    actor: access.actor,
    description: 'Asked for through the Flink REST API.',
    idempotencyKey: typeof triggerId === 'string' ? triggerKey(triggerId) : undefined,
  });
  if (answer.kind === 'plan') throw notHere(path);
  return { body: { 'request-id': triggerId ?? flinkId(answer.operation.id) } };
});

async function takeCheckpoint(
  platform: Platform,
  deployment: Deployment,
  { path, body }: { path: string; body: unknown },
): Promise<Reply<'callFlinkApi'>> {
  const found = await findJob(platform, deployment);
  if (found.kind === 'none') return { status: 409, body: { errors: [found.reason] } };
  const [answer] = await callJob(found.job, [{ method: 'POST', path: `/${path}`, body }]);
  if (answer !== undefined && answer.status !== 0) return { status: answer.status, body: answer.body };
  throw new Problem('job-unreachable', `Cannot call /${path}: the job does not answer; try again`);
}

function notHere(path: string): Problem {
  return new Problem(
    'not-implemented',
    `Cannot call /${path}: Headwater carries out stop, savepoints and checkpoints here; for all else use its verbs start, suspend, cancel and savepoint`,
  );
}
