import { MIN_WATERMARK } from '../data/record-batch.ts';
import type { Clock } from '../host.ts';
import type { StateBackend } from '../state/entry-index.ts';
import { openState, type OwnedTable } from '../state/operator-state.ts';
import { stateOwner } from '../state/state-owner.ts';
import { TableRestore } from '../state/table-restore.ts';
import { AssignTimeOperator } from './assign-time-operator.ts';
import { AsyncOperator } from './async-operator.ts';
import { BroadcastProcessOperator } from './broadcast-process-operator.ts';
import { MatchOperator } from './cep/match-operator.ts';
import type { ChainNode, ChainVertex, TimeOutput } from './chain.ts';
import type { Emit } from './chain-links.ts';
import type { OperatorMetrics } from './chain-metrics.ts';
import { CoProcessOperator } from './co-process-operator.ts';
import { IntervalJoinOperator } from './interval-join-operator.ts';
import type { OperatorHost } from './operator-host.ts';
import { ProcessOperator } from './process-operator.ts';
import { ReduceOperator } from './reduce-operator.ts';
import type { StatefulOperator } from './stateful-operator.ts';
import { GeneralWindowOperator } from './windows/general-window-operator.ts';
import { makeWindowOperator } from './windows/make-window-operator.ts';

/** Where a subtask's operators live, whatever they are connected to. */
export interface OperatorPlace {
  readonly subtask: number;
  readonly clock: Clock;
  random(): number;
  /** Keeps the entries of keyed state; absent, they are on the heap. */
  readonly backend?: StateBackend | undefined;
}

/** What an operator is connected to by its chain. */
export interface OperatorWays {
  /** The way of one record from an output. */
  emitter(output: string): Emit;
  readonly time: TimeOutput;
  wake(): void;
}

/**
 * One operator of a subtask with its tables, which may be filled before there is a chain around it.
 *
 * Contract: nothing may be processed before {@link connect}, which is called once.
 */
export class PlacedOperator {
  readonly metrics: OperatorMetrics;
  /** Undefined for operators that are mere functions, and for sources and sinks. */
  readonly operator: StatefulOperator | undefined;
  readonly tables: readonly OwnedTable[];
  readonly restore: TableRestore;
  readonly #outputs: ((ways: OperatorWays) => void)[] = [];
  #ways: OperatorWays | undefined;

  constructor(node: ChainNode, vertex: ChainVertex, place: OperatorPlace) {
    this.metrics = newMetrics(node);
    this.operator = stateful(node, this.metrics, this.#host(vertex, place));
    const tables = this.operator?.tables ?? [];
    const owner = stateOwner(node, vertex, place.subtask);
    this.tables = openState(owner, tables, place.backend);
    this.restore = new TableRestore(owner, tables);
  }

  connect(ways: OperatorWays): void {
    this.#ways = ways;
    for (const connect of this.#outputs) {
      connect(ways);
    }
  }

  /** Gives its tables up; another operator takes its place. */
  discard(backend: StateBackend | undefined): void {
    for (const { table } of this.tables) {
      backend?.forsake(table);
    }
  }

  #host(vertex: ChainVertex, place: OperatorPlace): OperatorHost {
    const { subtask, clock, backend } = place;
    return {
      clock,
      subtask,
      parallelism: vertex.parallelism,
      random: () => place.random(),
      backend,
      time: {
        watermark: (watermark) => this.#ways?.time.watermark(watermark),
        idle: (idle) => this.#ways?.time.idle(idle),
      },
      wake: () => this.#ways?.wake(),
      emitter: (output) => this.#emitter(output),
    };
  }

  #emitter(output: string): Emit {
    const { metrics } = this;
    let emit: Emit = () => {
      throw new Error(`Cannot emit to output "${output}" of "${metrics.operatorName}": it is not connected`);
    };
    this.#outputs.push((ways) => {
      emit = ways.emitter(output);
    });
    return (value, time) => {
      metrics.recordsOut++;
      emit(value, time);
    };
  }
}

function newMetrics(node: ChainNode): OperatorMetrics {
  return {
    operatorId: node.id,
    operatorName: node.name,
    recordsIn: 0,
    recordsOut: 0,
    lateRecords: 0,
    stateEntries: 0,
    stateBytes: 0,
    currentWatermark: MIN_WATERMARK,
  };
}

function stateful(
  node: ChainNode,
  metrics: OperatorMetrics,
  host: OperatorHost,
): StatefulOperator | undefined {
  const { definition } = node;
  switch (definition.kind) {
    case 'process':
      return new ProcessOperator(node, definition, host);
    case 'reduce':
      return new ReduceOperator(node, definition, host);
    case 'co-process':
      return new CoProcessOperator(node, definition, host);
    case 'broadcast-process':
      return new BroadcastProcessOperator(node, definition, host);
    case 'interval-join':
      return new IntervalJoinOperator(node, definition, host, metrics);
    case 'async':
      return new AsyncOperator(node, definition, host);
    case 'assign-time':
      return new AssignTimeOperator(definition, host);
    case 'match':
      return new MatchOperator(node, definition, host, metrics);
    case 'window':
      return makeWindowOperator(definition, host, metrics);
    case 'window-function':
      return new GeneralWindowOperator(node, definition, host, metrics);
    default:
      return undefined;
  }
}
