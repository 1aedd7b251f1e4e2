import type { Key } from '../data/key-groups.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import type { ChainNode } from './chain.ts';
import { type FunctionContext, FunctionScope, type Handler, refuseResult } from './function-scope.ts';
import type { CoProcessDefinition } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import type { StatefulOperator } from './stateful-operator.ts';

/**
 * A user's function over two connected streams: either input reads and writes the same state and the same timers.
 * Source: Flink's `KeyedCoProcessOperator`, without keys its `CoProcessOperator`.
 */
export class CoProcessOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #scope: FunctionScope;
  readonly #context: FunctionContext;
  readonly #onFirst: Handler;
  readonly #onSecond: Handler;

  constructor(node: ChainNode, definition: CoProcessDefinition, host: OperatorHost) {
    this.#scope = new FunctionScope(node, definition, host);
    this.#context = this.#scope.context;
    this.tables = this.#scope.tables;
    // The graph joins only what fits, so the handlers take what this operator is given.
    this.#onFirst = definition.onFirst as Handler;
    this.#onSecond = definition.onSecond as Handler; // as above
  }

  get currentKey(): Key | undefined {
    return this.#context.key;
  }

  process(value: unknown, time: number, key: Key | undefined): void {
    this.#scope.enter(key, time);
    const result = this.#onFirst(value, this.#context);
    if (result !== undefined) {
      refuseResult(result, 'onFirst');
    }
  }

  processSecond(value: unknown, time: number, key: Key | undefined): void {
    this.#scope.enter(key, time);
    const result = this.#onSecond(value, this.#context);
    if (result !== undefined) {
      refuseResult(result, 'onSecond');
    }
  }

  advance(watermark: number): void {
    this.#scope.advance(watermark);
  }

  tick(now: number): void {
    this.#scope.tick(now);
  }

  restored(): void {
    // Due timers fire with the next watermark and the next tick.
  }
}
