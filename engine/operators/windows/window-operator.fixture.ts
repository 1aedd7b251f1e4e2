import type { Key } from '../../data/key-groups.ts';
import { keyGroupOf, subtaskOf } from '../../data/key-groups.ts';
import { MIN_WATERMARK } from '../../data/record-batch.ts';
import { openState, restoreState, TableSnapshot } from '../../state/operator-state.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { stateOwner, type StateOwner } from '../../state/state-owner.ts';
import type { OperatorMetrics } from '../chain-metrics.ts';
import type { OperatorHost } from '../operator-host.ts';
import type { StatefulOperator } from '../stateful-operator.ts';

/** Makes one subtask of the operator under test. */
export type MakeOperator = (host: OperatorHost, metrics: OperatorMetrics) => StatefulOperator;

/** What was emitted: the output, the record and its time. */
export type Emitted = readonly [output: string, value: unknown, time: number];

const MAX_PARALLELISM = 16;

/** Subtasks of one operator, driven by hand and without a chain, each with a watermark of its own. */
export class Subtasks {
  emitted: Emitted[] = [];
  now = 0;
  readonly #make: MakeOperator;
  #operators: StatefulOperator[] = [];
  #watermarks: number[] = [];

  constructor(make: MakeOperator, parallelism = 1) {
    this.#make = make;
    this.#open(parallelism, []);
  }

  record(key: Key, value: unknown, time: number): void {
    const subtask = subtaskOf(keyGroupOf(key, MAX_PARALLELISM), MAX_PARALLELISM, this.#operators.length);
    this.#operators[subtask]?.process(value, time, key);
  }

  /** Advances the event time of one subtask, or of all; what is behind their watermark is ignored, as by a chain. */
  watermark(watermark: number, subtask?: number): void {
    for (const [index, operator] of this.#operators.entries()) {
      const meant = subtask === undefined || index === subtask % this.#operators.length;
      if (meant && watermark > (this.#watermarks[index] ?? MIN_WATERMARK)) {
        this.#watermarks[index] = watermark;
        operator.advance(watermark);
      }
    }
  }

  /** Starts anew from a snapshot, with every watermark forgotten. `meanwhile` runs while the snapshot is written. */
  restore(parallelism: number, meanwhile: () => void = () => undefined): void {
    const snapshots = this.#operators.map(
      ({ tables }, subtask) =>
        new TableSnapshot(openState(ownerOf(subtask, this.#operators.length), tables), { now: () => 0 }),
    );
    const before = this.emitted.length;
    meanwhile();
    this.emitted.length = before;
    const parts = snapshots.flatMap((snapshot) => {
      while (!snapshot.step(0)) {
        // Until all is written.
      }
      return snapshot.take();
    });
    this.#open(parallelism, parts);
  }

  /** What was emitted since the last call, by key, since keys have no order among each other. */
  take(): readonly (readonly [key: string, lines: readonly string[]])[] {
    const lines = Map.groupBy(this.emitted, ([output, value]) => `${output} ${keyOf(value)}`);
    this.emitted = [];
    return [...lines]
      .map(([key, all]) => [key, all.map((each) => JSON.stringify(each))] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1));
  }

  #open(parallelism: number, parts: readonly SnapshotPart[]): void {
    this.#watermarks = [];
    this.#operators = Array.from({ length: parallelism }, (_, subtask) => {
      const operator = this.#make(this.#host(subtask, parallelism), newMetrics());
      restoreState({ parts: () => parts }, ownerOf(subtask, parallelism), operator.tables);
      operator.restored();
      return operator;
    });
  }

  #host(subtask: number, parallelism: number): OperatorHost {
    return {
      clock: { now: () => this.now },
      subtask,
      parallelism,
      random: () => 0,
      emitter: (output) => (value, time) => this.emitted.push([output, value, time]),
      time: { watermark: () => undefined, idle: () => undefined },
      wake: () => undefined,
    };
  }
}

function keyOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'key' in value ? String(value.key) : '';
}

function ownerOf(subtask: number, parallelism: number): StateOwner {
  return stateOwner({ id: 'op', name: 'op' }, { parallelism, maxParallelism: MAX_PARALLELISM }, subtask);
}

function newMetrics(): OperatorMetrics {
  return {
    operatorId: 'op',
    operatorName: 'op',
    recordsIn: 0,
    recordsOut: 0,
    lateRecords: 0,
    stateEntries: 0,
    stateBytes: 0,
    currentWatermark: 0,
  };
}
