import type { Key } from '../data/key-groups.ts';
import type { KeyScope } from '../state/key-scope.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import { ValueTable } from '../state/value-state.ts';
import type { ChainNode } from './chain.ts';
import type { Emit } from './chain-links.ts';
import type { ReduceDefinition } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import type { StatefulOperator } from './stateful-operator.ts';

/** Name of the state. */
export const REDUCED = 'reduced';

/**
 * Reduces the records of every key to one, and emits for every record what there is by then, with the time of that
 * record. Source: Flink's `StreamGroupedReduceOperator`.
 */
export class ReduceOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #reduced: ValueTable;
  readonly #scope: KeyScope;
  readonly #reduce: (left: unknown, right: unknown) => unknown;
  readonly #emit: Emit;

  constructor({ state }: ChainNode, { reduce }: ReduceDefinition, host: OperatorHost) {
    const [declaration] = state;
    if (declaration === undefined) {
      throw new Error('A reduction declares its state'); // the authoring API does
    }
    this.#scope = { key: '', clock: host.clock, backend: host.backend };
    this.#reduced = new ValueTable(declaration, this.#scope);
    this.tables = [this.#reduced];
    // The graph joins only what fits, so the function takes the records that come here.
    this.#reduce = reduce as (left: unknown, right: unknown) => unknown;
    this.#emit = host.emitter('main');
  }

  get currentKey(): Key | undefined {
    return this.#scope.key;
  }

  process(value: unknown, time: number, key: Key | undefined): void {
    this.#scope.key = key as Key; // a chain proves the keys of its input
    const held = this.#reduced.held();
    const reduced = held === undefined ? value : this.#reduce(held, value);
    this.#reduced.set(reduced);
    this.#emit(reduced, time);
  }

  advance(): void {
    // It emits by records only.
  }

  tick(): void {
    // As above.
  }

  restored(): void {
    // The table is all there is.
  }
}
