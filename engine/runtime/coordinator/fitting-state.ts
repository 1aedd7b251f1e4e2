import type { GraphDescription } from '../../graph/describe-graph.ts';
import { stateChanges } from '../../graph/state-changes.ts';
import type { StateChange } from '../../graph/state-changes.ts';
import type { LocatedManifest } from './manifest.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses state that the program cannot read, before anything is started: with every cell, the field in it, both types
 * and the remedy. Cells without entries fit whatever became of them.
 */
export function checkStateFits(located: LocatedManifest, program: GraphDescription): void {
  refuse(located, changesOf(located, program, 'incompatible'));
}

/** Refuses a program whose operators no longer declare a cell that has entries: these would be left behind in silence. */
export function checkNothingLost(located: LocatedManifest, program: GraphDescription): void {
  // Whole operators that are gone are refused with words of their own.
  const stays = new Set(program.nodes.map(({ name }) => name));
  const lost = changesOf(located, program, 'lost').filter(({ operator }) => stays.has(operator));
  refuse(
    located,
    lost.map((change) => ({ ...change, reason: `${change.reason}, or allow non-restored state` })),
  );
}

function changesOf(
  { manifest }: LocatedManifest,
  program: GraphDescription,
  effect: StateChange['effect'],
): StateChange[] {
  const written = manifest.operators.map(({ id, name, kind, state, chunks }) => {
    const held = new Set(chunks.map((chunk) => chunk.state));
    const cells = state.filter((cell) => held.has(cell.name));
    return { id, name, kind, inputs: [], description: {}, state: cells };
  });
  return stateChanges({ nodes: written }, program).filter((change) => change.effect === effect);
}

function refuse({ key }: LocatedManifest, misfits: readonly StateChange[]): void {
  if (misfits.length === 0) return;
  const reasons = misfits.map(
    ({ operator, state, reason }) => `state "${state}" of operator "${operator}": ${reason}`,
  );
  throw new Refusal(`Cannot restore from "${key}": ${reasons.join('; ')}`);
}
