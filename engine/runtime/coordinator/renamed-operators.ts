import { operatorId } from '../../data/operator-id.ts';
import type { LocatedManifest, Manifest } from './manifest.ts';
import { Refusal } from './refusal.ts';

/** Operators that are called otherwise now, by their names in the state: old → new. */
export type Renames = Readonly<Record<string, string>>;

/**
 * The manifest as if the operators had had their new names: state and splits go with them. What a job wrote since it was
 * restored has the new names already.
 *
 * Throws a `Refusal` where the state has an operator of neither name, or of both.
 */
export function renameOperators({ key, manifest }: LocatedManifest, renames: Renames): LocatedManifest {
  const names = new Set(manifest.operators.map(({ name }) => name));
  for (const [from, to] of Object.entries(renames)) {
    const refused = (reason: string) =>
      new Refusal(`Cannot restore from "${key}" with operator "${from}" renamed to "${to}": ${reason}`);
    if (!names.has(from) && !names.has(to)) {
      throw refused(
        `the state has no operator "${from}", it has ${[...names].map((name) => `"${name}"`).join(', ')}`,
      );
    }
    if (names.has(from) && names.has(to) && renames[to] === undefined) {
      throw refused(`the state has an operator "${to}" already; rename that one as well`);
    }
  }
  return { key, manifest: renamed(manifest, renames) };
}

function renamed(manifest: Manifest, renames: Renames): Manifest {
  const newNameOf = new Map(Object.entries(renames));
  const newIdOf = new Map([...newNameOf].map(([from, to]) => [operatorId(from), operatorId(to)]));
  return {
    ...manifest,
    operators: manifest.operators.map((operator) => {
      const name = newNameOf.get(operator.name);
      return name === undefined ? operator : { ...operator, name, id: operatorId(name) };
    }),
    splits: manifest.splits.map((split) => ({
      ...split,
      operatorId: newIdOf.get(split.operatorId) ?? split.operatorId,
    })),
  };
}
