import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Due } from '../stores/due.ts';

/** That the rules of a deployment are applied because it has one savepoint more. */
export function retentionDue({ id, namespace, deployment, deploymentId }: Savepoint, at: string): Due {
  // By the savepoint: one transaction may complete one and keep another, and must not name an item twice.
  return { at, kind: 'retain-savepoints', namespace, deployment, deploymentId, id };
}
