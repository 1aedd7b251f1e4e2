import type { Key } from '../data/key-groups.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import type { ChainNode } from './chain.ts';
import { type FunctionContext, FunctionScope, type Handler, refuseResult } from './function-scope.ts';
import type { ProcessDefinition } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import type { StatefulOperator } from './stateful-operator.ts';

/** A user's process function of one input. Source: Flink's `KeyedProcessOperator`. */
export class ProcessOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #scope: FunctionScope;
  readonly #context: FunctionContext;
  readonly #onRecord: Handler;

  constructor(node: ChainNode, definition: ProcessDefinition, host: OperatorHost) {
    this.#scope = new FunctionScope(node, definition, host);
    this.#context = this.#scope.context;
    this.tables = this.#scope.tables;
    // The graph joins only what fits, so the handler takes what this operator is given.
    this.#onRecord = definition.onRecord as Handler;
  }

  get currentKey(): Key | undefined {
    return this.#context.key;
  }

  process(value: unknown, time: number, key: Key | undefined): void {
    this.#scope.enter(key, time);
    const result = this.#onRecord(value, this.#context);
    if (result !== undefined) {
      refuseResult(result, 'onRecord');
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
