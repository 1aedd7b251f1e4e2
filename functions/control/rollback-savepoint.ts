import type { GraphDescription } from '#contract/resources/application-version.ts';
import type { DeploymentSpec } from '#contract/resources/deployment.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { verdict } from './verdict.ts';

/** The revision that a deployment returns to. */
export interface RollbackTarget {
  readonly revision: number;
  /** As it is in effect again. */
  readonly spec: DeploymentSpec;
  /** Of versions of the application, by their numbers. */
  readonly graphs?: ReadonlyMap<number, GraphDescription> | undefined;
}

/**
 * The savepoint that fits an earlier revision best.
 *
 * The newest one that was taken while a job of that revision ran; else the newest of its version; else the newest that
 * its program can begin from. Undefined when there is none.
 */
export function rollbackSavepoint(
  savepoints: readonly Savepoint[],
  target: RollbackTarget,
): Savepoint | undefined {
  const newestFirst = savepoints
    .filter(({ state }) => state === 'completed')
    .toSorted((a, b) => takenMs(b) - takenMs(a));
  return (
    newestFirst.find(({ specRevision }) => specRevision === target.revision) ??
    newestFirst.find(({ version }) => version === target.spec.version) ??
    newestFirst.find((savepoint) => isCompatible(savepoint, target))
  );
}

function isCompatible({ version }: Savepoint, { graphs, spec }: RollbackTarget): boolean {
  const before = graphs?.get(version);
  const after = graphs?.get(spec.version);
  if (before === undefined || after === undefined) return false;
  const { compatibility } = verdict(before, after, spec.restoreTolerance);
  return compatibility === 'compatible' || compatibility === 'compatible-after-migration';
}

function takenMs({ completedAt, createdAt }: Savepoint): number {
  return Date.parse(completedAt ?? createdAt);
}
