import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Stores } from '../stores/stores.ts';

/** The deployment whose chunks a savepoint refers to: its own, and of a copied one that which the copy was made in. */
export function ownerOf({ jobFiles }: Pick<Stores, 'jobFiles'>, savepoint: Savepoint): string {
  const key = jobFiles.keyOf(savepoint.location);
  return /^checkpoints\/([^/]+)\/savepoints\//.exec(key)?.[1] ?? savepoint.deploymentId;
}
