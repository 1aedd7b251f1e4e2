import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed, requestVerb } from '../operations/request-verb.ts';
import { barePath, jobVerb } from './flink-path.ts';

/** `flink cancel` becomes a cancel operation. A protected deployment refuses it: nobody accepted the loss of state. */
export const patchFlinkApi = handler('patchFlinkApi', async ({ platform, params, search, access }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const path = barePath(params.path);
  const called = jobVerb(path);
  if (called === undefined || called.verb !== '' || (search.get('mode') ?? 'cancel') !== 'cancel') {
    throw new Problem(
      'not-implemented',
      `Cannot call /${path}: Headwater carries out cancel here; change the deployment's spec for all else`,
    );
  }
  if (called.jobId !== deployment.status.jobId) {
    return { status: 404, body: { errors: ['Job could not be found.'] } };
  }
  await requestVerb(platform, {
    namespace: params.namespace,
    deployment: params.deployment,
    verb: 'cancel',
    actor: access.actor,
    idempotencyKey: undefined,
  });
  return { body: {} };
});
