import type { Key } from '../data/key-groups.ts';
import { MAX_WATERMARK, MIN_WATERMARK } from '../data/record-batch.ts';
import type { Emit } from './chain-links.ts';
import { checkedEventTime } from './event-time.ts';
import type { AssignTimeDefinition } from './operator-definition.ts';
import type { OperatorHost } from './operator-host.ts';
import type { PacingOperator } from './stateful-operator.ts';
import { WatermarkGenerator } from './watermark-generator.ts';

type TimeOf = (value: unknown) => number;

/**
 * Gives records their event time in mid-stream.
 *
 * Contract: event time begins anew here. Watermarks and idleness from before are swallowed, but for the last
 * watermark of all. An output that is idle becomes active only with the next watermark, not with a record that does
 * not move it. Nothing of it is state. Source: Flink's `TimestampsAndWatermarksOperator`.
 */
export class AssignTimeOperator implements PacingOperator {
  readonly tables = [];
  readonly currentKey = undefined;
  readonly blocked = false;
  readonly drained = true;
  readonly #time: TimeOf | undefined;
  readonly #punctuated: boolean;
  readonly #intervalMs: number;
  readonly #host: OperatorHost;
  readonly #emit: Emit;
  readonly #generator: WatermarkGenerator;
  #lookAt: number;
  #watermark = MIN_WATERMARK;
  #idle = false;

  constructor({ time, watermark, intervalMs }: AssignTimeDefinition, host: OperatorHost) {
    this.#time = time as TimeOf | undefined; // the graph joins only what fits
    this.#punctuated = watermark.punctuated !== undefined;
    this.#intervalMs = intervalMs;
    this.#host = host;
    this.#emit = host.emitter('main');
    this.#generator = new WatermarkGenerator(watermark);
    this.#lookAt = intervalMs === 0 ? Infinity : host.clock.now() + intervalMs;
  }

  process(value: unknown, time: number, _key: Key | undefined): void {
    const own = this.#time === undefined ? time : checkedEventTime(this.#time(value));
    this.#emit(value, own);
    this.#generator.record(value, own);
    if (this.#punctuated) {
      this.#handOn();
    }
  }

  advance(watermark: number): void {
    if (watermark === MAX_WATERMARK) {
      this.#pass(watermark);
    }
  }

  idle(): void {
    // Whether anyone waits for this operator is for its own records to say.
  }

  tick(now: number): void {
    if (now >= this.#lookAt) {
      this.#lookAt = now + this.#intervalMs;
      this.#generator.look(now);
      this.#handOn();
    }
  }

  work(): boolean {
    return false;
  }

  restored(): void {
    // Without state there is nothing to take up.
  }

  #handOn(): void {
    if (this.#generator.idle && !this.#idle) {
      this.#idle = true;
      this.#host.time.idle(true);
    }
    this.#pass(this.#generator.watermark);
  }

  #pass(watermark: number): void {
    if (watermark <= this.#watermark) {
      return;
    }
    this.#watermark = watermark;
    if (this.#idle) {
      this.#idle = false;
      this.#host.time.idle(false);
    }
    this.#host.time.watermark(watermark);
  }
}
