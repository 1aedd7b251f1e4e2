import { Problem } from '#contract/problems.ts';
import type { Parent } from '#contract/resources/deployment.ts';
import { endedOperationStates } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { chooseRestore } from '../control/choose-restore.ts';
import { newEvent } from '../control/new-event.ts';
import { invariant } from '../middleware/invariant.ts';
import { keepCheckpoint } from '../savepoints/keep-checkpoint.ts';
import { parentSavepointOf, requestParentSavepoint } from './parent-savepoint.ts';
import { poll } from './poll.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { ownerOf } from '../savepoints/savepoint-owner.ts';
import type { Step, StepContext } from './step.ts';

/** Waits for a savepoint of the parent, or takes the newest state that it has where no job of it runs. */
export const takeParentSavepoint: Step = async (context) => {
  const { operation, deployment, platform } = context;
  const { parent } = deployment;
  invariant(parent !== null, 'a fork has a parent');
  if (operation.request.restoreStrategy?.kind === 'none')
    return { message: 'It begins with empty state.', isSkipped: true };
  if (parent.savepointId !== null)
    return { message: `It begins from savepoint ${parent.savepointId}, which was there.`, isSkipped: true };
  const savepoint = await poll(platform, `a savepoint of "${parent.deployment}"`, () =>
    observeParent(context, parent),
  );
  const { stores } = platform;
  return {
    message: `Savepoint ${savepoint.id} of "${parent.deployment}" is complete.`,
    writes: [
      stores.deployments.replaced({
        ...deployment,
        parent: { ...parent, savepointId: savepoint.id },
        revision: deployment.revision + 1,
      }),
      stores.savepointCopies.written({
        ownerId: ownerOf(stores, savepoint),
        id: operation.id,
        source: { deploymentId: savepoint.deploymentId, savepointId: savepoint.id },
        namespace: deployment.namespace,
        deployment: deployment.name,
        deploymentId: deployment.id,
        operationId: operation.id,
        folder: null,
      }),
    ],
  };
};

async function observeParent(context: StepContext, place: Parent): Promise<Savepoint | undefined> {
  const { platform, operation } = context;
  const asked = await parentSavepointOf(platform, operation, place);
  if (asked !== undefined) {
    if (!endedOperationStates.includes(asked.state)) return undefined;
    const id = asked.state === 'succeeded' ? asked.savepointId : null;
    const taken = id === null ? undefined : await platform.stores.savepoints.get(place.deploymentId, id);
    if (taken?.state === 'completed') return taken;
    throw new Problem(
      'savepoint-failed',
      `Cannot fork deployment "${place.deployment}": ${asked.problem?.detail ?? `operation ${asked.id} was ${asked.state}`}`,
    );
  }
  const parent = await deploymentNamed(platform, place.namespace, place.deployment);
  if (parent.status.operationId !== null) return undefined;
  if (parent.status.state !== 'running') return newestState(context, place);
  await requestParentSavepoint(platform, operation, place);
  return undefined;
}

/** Of a parent at rest. A checkpoint that nobody has kept yet is kept now. */
async function newestState(context: StepContext, place: Parent): Promise<Savepoint> {
  const { platform, operation } = context;
  const { stores } = platform;
  const parent = await deploymentNamed(platform, place.namespace, place.deployment);
  const job = await stores.jobs.latest(parent.id);
  const event: StepContext['event'] = (happening) =>
    stores.events.appended(
      newEvent(
        {
          id: platform.newId(),
          at: context.at,
          actor: operation.actor,
          namespace: parent.namespace,
          deployment: parent.name,
          deploymentId: parent.id,
        },
        happening,
      ),
    );
  const kept = await keepCheckpoint(
    { platform, at: context.at, event },
    { deployment: parent, job, savepointId: operation.id, actor: operation.actor },
  );
  if (kept.length > 0) await stores.commit(kept);
  const savepoints = await stores.savepoints.completed(parent.id);
  const chosen = chooseRestore(
    { kind: 'latest-savepoint' },
    { deployment: parent.name, savepoints, checkpoint: undefined },
  );
  if (chosen instanceof Problem) throw chosen;
  const newest = savepoints.find(({ id }) => chosen.kind === 'savepoint' && id === chosen.savepointId);
  invariant(newest !== undefined, 'a chosen savepoint is one of the list');
  return newest;
}
