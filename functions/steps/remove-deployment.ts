import { purgeOf } from '../savepoints/purge-deployment.ts';
import type { Step } from './step.ts';

const DAY_MS = 86_400_000;
/** For how long a deletion can be undone. */
const TRASH_DAYS = 7;

/** Moves a deployment to the trash: lists do not show it any more, its name stays taken, and nothing of it is gone yet. */
export const removeDeployment: Step = async (context) => {
  const { platform, operation, deployment, at } = context;
  const { stores } = platform;
  const { savepoints, purge } = operation.request.deletion ?? { savepoints: 'keep', purge: false };
  const earlier = deployment.deletion;
  const purgeAt = purge ? at : new Date(Date.parse(at) + TRASH_DAYS * DAY_MS).toISOString();
  const message = purge
    ? 'Deleted for good.'
    : `Deleted; it can be brought back until ${purgeAt}. ${savepoints === 'keep' ? 'Its savepoints are kept.' : 'Its savepoints go with it.'}`;
  return {
    message,
    writes: [
      stores.deployments.replaced({
        ...deployment,
        deletion: { at: earlier?.at ?? at, by: operation.actor, purgeAt, savepoints },
        revision: deployment.revision + 1,
      }),
      ...(earlier === null || earlier.purgeAt === purgeAt
        ? []
        : [stores.due.removed(purgeOf(deployment, earlier.purgeAt))]),
      stores.due.added(purgeOf(deployment, purgeAt)),
      context.event({ name: 'deployment-deleted', message }),
    ],
  };
};
