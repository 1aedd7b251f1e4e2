import { migrationFault } from '../state/migration.ts';
import type { GraphDescription, OperatorDescription, StateDescription } from './describe-graph.ts';

/** What becomes of a state of an older version when a newer one starts from it. */
export interface StateChange {
  readonly operator: string;
  readonly state: string;
  /** A job refuses to start on state that is incompatible; what is lost is left out; what is converted keeps its values. */
  readonly effect: 'incompatible' | 'lost' | 'converted';
  readonly reason: string;
}

/** Compares the state of two versions of an application by their descriptions; state that stays as it is, is left out. */
export function stateChanges(before: GraphDescription, after: GraphDescription): readonly StateChange[] {
  return before.nodes.flatMap((operator) =>
    operator.state.flatMap((state) => changeOf(operator, state, after) ?? []),
  );
}

function changeOf(
  operator: OperatorDescription,
  written: StateDescription,
  after: GraphDescription,
): StateChange | undefined {
  const reader = after.nodes.find(({ id }) => id === operator.id);
  const declared = reader?.state.find(({ name }) => name === written.name);
  const place = { operator: operator.name, state: written.name };
  if (declared === undefined) {
    const missing = reader === undefined ? 'the operator is gone' : 'the operator no longer declares it';
    return { ...place, effect: 'lost', reason: `${missing}; keep both names if its values are needed` };
  }
  const fault = faultOf(written, declared);
  if (fault !== undefined) {
    return { ...place, effect: 'incompatible', reason: fault };
  }
  return written.schema === declared.schema
    ? undefined
    : {
        ...place,
        effect: 'converted',
        reason: `its values are converted from ${written.schema} to ${declared.schema}`,
      };
}

function faultOf(written: StateDescription, declared: StateDescription): string | undefined {
  if (written.kind !== declared.kind) {
    return `it was written as state of kind "${written.kind}", the program declares "${declared.kind}"; give the state a new name`;
  }
  if (written.kind === 'windows' && written.schema !== declared.schema) {
    return `its windows were written with ${written.schema}, the program declares ${declared.schema}; give the operator a new name, or go back`;
  }
  return (
    migrationFault(written.keyType ?? null, declared.keyType ?? null) ??
    migrationFault(
      written.valueType ?? null,
      declared.valueType ?? null,
      (declared.migratesFrom ?? []).map((from) => ({ from, convert: (value) => value })),
    )
  );
}
