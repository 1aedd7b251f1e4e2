import type { GraphDescription } from '../../graph/describe-graph.ts';
import { stateChanges } from '../../graph/state-changes.ts';
import type { LocatedManifest } from './manifest.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses state that the program cannot read, before anything is started: with every cell, the field in it, both types
 * and the remedy. Cells without entries fit whatever became of them.
 */
export function checkStateFits({ key, manifest }: LocatedManifest, program: GraphDescription): void {
  const written = manifest.operators.map(({ id, name, kind, state, chunks }) => {
    const held = new Set(chunks.map((chunk) => chunk.state));
    const cells = state.filter((cell) => held.has(cell.name));
    return { id, name, kind, inputs: [], description: {}, state: cells };
  });
  const misfits = stateChanges({ nodes: written }, program).filter(({ effect }) => effect === 'incompatible');
  if (misfits.length === 0) return;
  const reasons = misfits.map(
    ({ operator, state, reason }) => `state "${state}" of operator "${operator}": ${reason}`,
  );
  throw new Refusal(`Cannot restore from "${key}": ${reasons.join('; ')}`);
}
