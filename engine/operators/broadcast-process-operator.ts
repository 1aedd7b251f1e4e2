import type { Key } from '../data/key-groups.ts';
import { BroadcastTable, ReadOnlyMap } from '../state/broadcast-state.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import type { ChainNode } from './chain.ts';
import { type FunctionContext, FunctionScope, type Handler, refuseResult } from './function-scope.ts';
import type { BroadcastProcessDefinition } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import type { StatefulOperator } from './stateful-operator.ts';

type Maps = Readonly<Record<string, BroadcastTable>>;

/** What a handler of broadcast records sees: no key is at work, so no cells and no timers. */
interface BroadcastContext extends Pick<
  FunctionContext,
  'time' | 'watermark' | 'now' | 'random' | 'emit' | 'side'
> {
  readonly broadcast: Maps;
  forEachKey(cell: string, visit: (key: Key, cell: KeyedCell) => unknown): void;
}

/** A cell of keyed state, which knows the keys that have it. */
interface KeyedCell extends SnapshotTable {
  keys(): Iterable<Key>;
}

type BroadcastHandler = (record: unknown, context: BroadcastContext) => unknown;

/**
 * A user's function over a stream, of which every subtask also sees all records of a second, broadcast one.
 *
 * Records of the first input read the broadcast maps; those of the second change them, alike in every subtask.
 * Source: Flink's `CoBroadcastWithKeyedOperator`, without keys its `CoBroadcastWithNonKeyedOperator`.
 */
export class BroadcastProcessOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #scope: FunctionScope;
  readonly #context: FunctionContext;
  readonly #broadcastContext: BroadcastContext;
  readonly #onRecord: Handler;
  readonly #onBroadcast: BroadcastHandler;

  constructor(node: ChainNode, definition: BroadcastProcessDefinition, host: OperatorHost) {
    const [shared, own] = [true, false].map((wanted) =>
      node.state.filter(({ kind }) => (kind === 'broadcast') === wanted),
    );
    const maps = (shared ?? []).map((declaration) => new BroadcastTable(declaration, host.clock));
    this.#scope = new FunctionScope({ ...node, state: own ?? [] }, definition, host);
    this.tables = [...this.#scope.tables, ...maps];
    const readers = maps.map((map) => [map.name, new ReadOnlyMap(map, map.name)] as const);
    this.#context = Object.assign(this.#scope.context, { broadcast: Object.fromEntries(readers) });
    this.#broadcastContext = this.#contextOf(Object.fromEntries(maps.map((map) => [map.name, map])));
    // The graph joins only what fits, so the handlers take what this operator is given.
    this.#onRecord = definition.onRecord as Handler;
    this.#onBroadcast = definition.onBroadcast as BroadcastHandler; // as above
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

  processSecond(value: unknown, time: number): void {
    this.#scope.enterWithoutKey(time);
    const result = this.#onBroadcast(value, this.#broadcastContext);
    if (result !== undefined) {
      refuseResult(result, 'onBroadcast');
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

  #contextOf(broadcast: Maps): BroadcastContext {
    const context = this.#context;
    const { now, random, emit, side } = context;
    return {
      get time() {
        return context.time;
      },
      get watermark() {
        return context.watermark;
      },
      now,
      random,
      emit,
      side,
      broadcast,
      forEachKey: (cell, visit) => this.#forEachKey(cell, visit),
    };
  }

  #forEachKey(cell: string, visit: (key: Key, cell: KeyedCell) => unknown): void {
    const { state, time } = this.#context;
    const table = state[cell];
    if (table === undefined || !isKeyed(table)) {
      throw new Error(
        `Cannot go through the keys of state "${cell}": declare it in "state", which has ${Object.keys(state).join(', ') || 'none'}`,
      );
    }
    for (const key of table.keys()) {
      this.#scope.switchKey(key);
      refuseResult(visit(key, table), 'forEachKey');
    }
    this.#scope.enterWithoutKey(time);
  }
}

function isKeyed(table: SnapshotTable): table is KeyedCell {
  return 'keys' in table && table.distribution === 'key-groups';
}
