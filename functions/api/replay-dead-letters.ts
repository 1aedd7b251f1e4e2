import { newEvent } from '../control/new-event.ts';
import { jobToTell, tellJob } from '../gateway/tell-job.ts';
import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';

export const replayDeadLetters = handler('replayDeadLetters', async ({ platform, params, body, access }) => {
  const deployment = await deploymentNamed(platform, params.namespace, params.deployment);
  const what = `Cannot replay dead letters of deployment "${deployment.name}"`;
  const job = await jobToTell(platform, deployment, what);
  await tellJob(platform, job, { method: 'POST', path: '/headwater/dead-letters/replay', body }, what);
  const { stores, newId, now } = platform;
  const { namespace, name, id } = deployment;
  const event = newEvent(
    {
      id: newId(),
      at: now().toISOString(),
      actor: access.actor,
      namespace,
      deployment: name,
      deploymentId: id,
    },
    {
      name: 'dead-letters-replayed',
      message: `${body.ids.length} dead letters are put in again.`,
      jobId: job.jobId,
    },
  );
  await stores.commit([stores.events.appended(event)]);
  return { body: { replayed: body.ids } };
});
