import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Due } from '../stores/due.ts';

/** That the rules of a deployment are applied because it has one savepoint more. */
export function retentionDue({ namespace, deployment, deploymentId }: Savepoint, at: string): Due {
  return { at, kind: 'retain-savepoints', namespace, deployment, deploymentId, id: deploymentId };
}
