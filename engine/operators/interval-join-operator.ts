import type { Key } from '../data/key-groups.ts';
import { MIN_WATERMARK, NO_TIME } from '../data/record-batch.ts';
import { JoinBuffer } from '../state/join-buffer.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import type { ChainNode } from './chain.ts';
import type { Emit } from './chain-links.ts';
import type { OperatorMetrics } from './chain-metrics.ts';
import { type FunctionContext, FunctionScope, refuseResult } from './function-scope.ts';
import type { IntervalJoinDefinition } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import type { StatefulOperator } from './stateful-operator.ts';

/** Names of the side outputs of records that came behind the watermark. */
export const LATE_LEFT = 'lateLeft';
export const LATE_RIGHT = 'lateRight';
/** Names of both buffers in snapshots. */
export const LEFT = 'left';
export const RIGHT = 'right';

type PairContext = FunctionContext & { leftTime: number; rightTime: number };
type OnPair = (left: unknown, right: unknown, context: PairContext) => unknown;

/**
 * Joins records of one key whose times are near each other, the moment the later one comes.
 *
 * Contract: records behind the watermark are late and join nothing. A left record is kept until the watermark reaches
 * its time + `upperMs`, a right one until it reaches its time - `lowerMs`, but never less than their own times. A
 * result has the later time of its pair. Source: Flink's `IntervalJoinOperator`.
 */
export class IntervalJoinOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #scope: FunctionScope;
  readonly #context: PairContext;
  readonly #onPair: OnPair;
  readonly #left: JoinBuffer;
  readonly #right: JoinBuffer;
  readonly #keepLeftMs: number;
  readonly #keepRightMs: number;
  readonly #lowerMs: number;
  readonly #upperMs: number;
  readonly #late: { readonly left: Emit; readonly right: Emit };
  readonly #metrics: OperatorMetrics;

  constructor(
    node: ChainNode,
    definition: IntervalJoinDefinition,
    host: OperatorHost,
    metrics: OperatorMetrics,
  ) {
    this.#scope = new FunctionScope({ ...node, state: [] }, definition, host);
    this.#context = Object.assign(this.#scope.context, { leftTime: NO_TIME, rightTime: NO_TIME });
    this.#onPair = definition.onPair as OnPair; // the graph joins only what fits
    this.#lowerMs = definition.lowerMs;
    this.#upperMs = definition.upperMs;
    this.#keepLeftMs = Math.max(definition.upperMs, 0);
    this.#keepRightMs = Math.max(-definition.lowerMs, 0);
    this.#left = bufferOf(node, LEFT, this.#keepLeftMs);
    this.#right = bufferOf(node, RIGHT, this.#keepRightMs);
    this.tables = [this.#left, this.#right, ...this.#scope.tables];
    this.#late = { left: host.emitter(LATE_LEFT), right: host.emitter(LATE_RIGHT) };
    this.#metrics = metrics;
  }

  get currentKey(): Key | undefined {
    return this.#context.key;
  }

  process(left: unknown, time: number, key: Key): void {
    if (this.#isLate(time)) {
      this.#metrics.lateRecords++;
      return this.#late.left(left, time);
    }
    this.#left.add(key, time, left);
    const partners = this.#right.of(key);
    if (partners !== undefined) {
      const { times, values } = partners;
      const end = time + this.#upperMs;
      for (let index = this.#right.start(partners, time + this.#lowerMs); index < times.length; index++) {
        const rightTime = times[index] ?? 0;
        if (rightTime > end) return;
        this.#enter(key, time, rightTime);
        refuseResult(this.#onPair(left, values[index], this.#context), 'onPair');
      }
    }
  }

  processSecond(right: unknown, time: number, key: Key): void {
    if (this.#isLate(time)) {
      this.#metrics.lateRecords++;
      return this.#late.right(right, time);
    }
    this.#right.add(key, time, right);
    const partners = this.#left.of(key);
    if (partners !== undefined) {
      const { times, values } = partners;
      const end = time - this.#lowerMs;
      for (let index = this.#left.start(partners, time - this.#upperMs); index < times.length; index++) {
        const leftTime = times[index] ?? 0;
        if (leftTime > end) return;
        this.#enter(key, leftTime, time);
        refuseResult(this.#onPair(values[index], right, this.#context), 'onPair');
      }
    }
  }

  advance(watermark: number): void {
    this.#scope.advance(watermark);
    this.#left.advance(watermark - this.#keepLeftMs);
    this.#right.advance(watermark - this.#keepRightMs);
  }

  tick(): void {
    // Joins know event time only.
  }

  restored(): void {
    // Nothing is late before the first watermark: watermarks are not state.
  }

  #isLate(time: number): boolean {
    if (time === NO_TIME) {
      throw new Error(
        'The record has no event time, and an interval join compares times; let its source say what the time of a record is, or use assignTime',
      );
    }
    const { watermark } = this.#context;
    return time < watermark && watermark !== MIN_WATERMARK;
  }

  #enter(key: Key, leftTime: number, rightTime: number): void {
    this.#scope.enter(key, Math.max(leftTime, rightTime));
    this.#context.leftTime = leftTime;
    this.#context.rightTime = rightTime;
  }
}

function bufferOf(node: ChainNode, name: string, retentionMs: number): JoinBuffer {
  const declaration = node.state.find((each) => each.name === name);
  if (declaration === undefined) {
    throw new Error(`Interval join "${node.name}" does not declare its buffer "${name}".`);
  }
  return new JoinBuffer(declaration, retentionMs);
}
