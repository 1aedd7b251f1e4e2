import * as z from 'zod';
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Verb } from '#contract/verbs.ts';
import { savepointDirectory } from '../control/savepoint-directory.ts';
import { flinkId } from '../control/trigger-id.ts';
import { findJob } from '../gateway/find-job.ts';
import { handler } from '../middleware/call.ts';
import type { Call, Reply } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import type { Platform } from '../middleware/platform.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { disposeSavepoint } from '../savepoints/dispose-savepoint.ts';
import { deploymentNamed, requestVerb } from '../operations/request-verb.ts';
import { barePath, jobVerb, SAVEPOINT_DISPOSAL } from './flink-path.ts';
import { triggerKey } from './flink-trigger.ts';

// Flink spells the directory in two ways, and sends null for what was not given.
const Trigger = z.object({
  drain: z.boolean().nullish(),
  'cancel-job': z.boolean().nullish(),
  'target-directory': z.string().max(1024).nullish(),
  targetDirectory: z.string().max(1024).nullish(),
  triggerId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullish(),
});

const Disposal = z.object({ 'savepoint-path': z.string().min(1).max(1024) });

const carriedOut = new Set(['stop', 'savepoints', 'checkpoints']);

/**
 * `flink savepoint` and `flink stop` become operations, whose savepoints are the deployment's like any other.
 * `flink checkpoint` goes on to the job, which owns its checkpoints.
 */
export const callFlinkApi = handler('callFlinkApi', async (call) => {
  const { platform, params, body } = call;
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const path = barePath(params.path);
  if (path === SAVEPOINT_DISPOSAL) return dispose(call, deployment);
  const called = jobVerb(path);
  if (called === undefined || !carriedOut.has(called.verb)) throw notHere(path);
  if (called.jobId !== deployment.status.jobId) return unknownJob(call);
  if (called.verb === 'checkpoints') return takeCheckpoint(platform, deployment, { path, body });
  return takeSavepoint(call, deployment, called.verb);
});

/** Taken for any job, as Flink does; that there is none is told with the result. */
function unknownJob({ platform, body }: Call<'callFlinkApi'>): Reply<'callFlinkApi'> {
  const { triggerId } = parsePart(Trigger, body);
  return { body: { 'request-id': triggerId ?? flinkId(platform.newId()) } };
}

async function takeSavepoint(
  { platform, params, body, access }: Call<'callFlinkApi'>,
  deployment: Deployment,
  called: string,
): Promise<Reply<'callFlinkApi'>> {
  const request = parsePart(Trigger, body);
  const verb: Verb = called === 'stop' || request['cancel-job'] === true ? 'suspend' : 'savepoint';
  const { triggerId, drain } = request;
  const directory = request['target-directory'] ?? request.targetDirectory ?? undefined;
  const answer = await requestVerb(platform, {
    namespace: params.namespace,
    deployment: params.deployment,
    verb,
    actor: access.actor,
    description: 'Asked for through the Flink REST API.',
    savepointDirectory:
      directory && savepointDirectory(directory, platform.stores.jobFiles.bucket, deployment.id),
    drain: drain === true,
    idempotencyKey: typeof triggerId === 'string' ? triggerKey(triggerId) : undefined,
  });
  if (answer.kind === 'plan') throw notHere(called);
  return { body: { 'request-id': triggerId ?? flinkId(answer.operation.id) } };
}

/** Done at once; whoever asks for the result sees that the savepoint is gone. */
async function dispose(
  { platform, body, access }: Call<'callFlinkApi'>,
  deployment: Deployment,
): Promise<Reply<'callFlinkApi'>> {
  const place = { namespace: deployment.namespace, deployment: deployment.name };
  demand(access, 'savepoints:delete', place, 'dispose of a savepoint');
  const location = parsePart(Disposal, body)['savepoint-path'];
  const { id } = await disposeSavepoint(platform, deployment, { location, actor: access.actor });
  return { status: 200, body: { 'request-id': flinkId(id) } };
}

async function takeCheckpoint(
  platform: Platform,
  deployment: Deployment,
  { path, body }: { path: string; body: unknown },
): Promise<Reply<'callFlinkApi'>> {
  const found = await findJob(platform, deployment);
  if (found.kind === 'none') return { status: 409, body: { errors: [found.reason] } };
  const [answer] = await platform.jobs.call(found.job, [{ method: 'POST', path: `/${path}`, body }]);
  if (answer !== undefined && answer.status !== 0) return { status: answer.status, body: answer.body };
  throw new Problem('job-unreachable', `Cannot call /${path}: the job does not answer; try again`);
}

function notHere(path: string): Problem {
  return new Problem(
    'not-implemented',
    `Cannot call /${path}: Headwater carries out stop, savepoints, savepoint-disposal and checkpoints here; for all else use its verbs start, suspend, cancel and savepoint`,
  );
}
