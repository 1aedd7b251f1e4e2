import type { Deployment } from '#contract/resources/deployment.ts';
import { nextRevision } from '../control/new-revision.ts';
import type { Write } from '../stores/database.ts';
import type { StepContext } from '../steps/step.ts';

/** A deployment that states again what it did before, with the revision that says so. */
export interface UndoneChange {
  readonly deployment: Deployment;
  readonly writes: readonly Write[];
}

/**
 * Takes back what the operation has changed of what its deployment states.
 *
 * Whoever has changed it again meanwhile meant that, and it stays.
 */
export function undoChange(context: StepContext, reason: string): UndoneChange {
  const { platform, operation, deployment, at } = context;
  const stated = operation.replacement?.statedBefore ?? null;
  const isUnchanged = deployment.specRevision === operation.replacement?.specRevision;
  if (stated === null || !isUnchanged) return { deployment, writes: [] };
  const author = { actor: 'system:upgrade', at, reason: reason.slice(0, 500) };
  const revision = nextRevision(deployment, stated, author);
  if (revision === undefined) return { deployment, writes: [] };
  return {
    deployment: { ...deployment, stated, specRevision: revision.number },
    writes: [platform.stores.revisions.created({ ...revision, operationId: operation.id })],
  };
}
