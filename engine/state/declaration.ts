import type { Schema } from '../data/schema.ts';

/** The ways in which an operator keeps state; `windows` and `timers` are the engine's own. */
export type StateKind = 'value' | 'map' | 'list' | 'windows' | 'timers';

/**
 * A state cell as declared: known before the first record, so that two versions can be compared without running them.
 *
 * Contract: its identity is (operator name, `name`). Units: `ttlMs` in ms of processing time since the last write.
 */
export interface StateDeclaration {
  readonly name: string;
  readonly kind: StateKind;
  readonly schema: Schema;
  /** Of the map keys; only where `kind` is `map`. */
  readonly keySchema?: Schema;
  readonly ttlMs?: number;
}
