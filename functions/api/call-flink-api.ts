import * as z from 'zod';
import { Problem } from '#contract/problems.ts';
import type { Verb } from '#contract/verbs.ts';
import { flinkId } from '../control/trigger-id.ts';
import { handler } from '../middleware/call.ts';
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

/** `flink savepoint` and `flink stop` become operations; where the savepoint lies is the platform's matter. */
export const callFlinkApi = handler('callFlinkApi', async ({ platform, params, body, access }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const path = barePath(params.path);
  const called = jobVerb(path);
  if (called === undefined || !['stop', 'savepoints'].includes(called.verb)) throw notHere(path);
  if (called.jobId !== deployment.status.jobId) {
    const errors = [`Could not find Flink job (${called.jobId})`];
    return { status: 404, body: { errors } };
  }
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

function notHere(path: string): Problem {
  return new Problem(
    'not-implemented',
    `Cannot call /${path}: Headwater carries out stop and savepoints here; for all else use its verbs start, suspend, cancel and savepoint`,
  );
}
