import { type Duration, ms, positiveMs } from '../data/duration.ts';
import type { WatermarkStrategy } from '../operators/operator-definition.ts';
import { type NewNode, refuseAsync } from './graph-builder.ts';

/** As Flink's `pipeline.auto-watermark-interval`. */
const INTERVAL: Duration = '200 ms';

/** How watermarks follow the records of a stream or split. */
export interface Watermarks<T> {
  /** As a plan shows it. */
  readonly text: string;
  readonly outOfOrdernessMs?: number;
  readonly punctuated?: (record: T, time: number) => number | 'idle' | undefined;
}

/** When event time passes, for a source or for `assignTime`. */
export interface EventTimeOptions<T> {
  /**
   * A duration is short for `boundedOutOfOrderness`: records later than this behind the newest one may be late.
   * Default `'0 ms'`: they come in order.
   */
  readonly watermark?: Duration | Watermarks<T>;
  /** A stream, or a split of a source, without records for so long no longer holds event time back. Default never. */
  readonly idle?: Duration;
}

/** How records get their event time in mid-stream. */
export interface AssignTimeSpec<T> extends EventTimeOptions<T> {
  /** Event time of a record, ms since 1970; without it records keep the time that they have. */
  readonly time?: (this: void, record: T) => number;
  /** Time between two watermarks by the clock, 200 ms when left out; `'0 ms'` makes none but those of `punctuated`. */
  readonly interval?: Duration;
}

/** Records come in the order of their time; those of the newest time may still follow. */
export function monotonous(): Watermarks<unknown> {
  return { text: 'monotonous', outOfOrdernessMs: 0 };
}

/**
 * Records may come this much later than the newest one.
 *
 * Example: `source('payments', from, { watermark: boundedOutOfOrderness('5 seconds') })`, or short `'5 seconds'`.
 */
export function boundedOutOfOrderness(allowance: Duration): Watermarks<unknown> {
  return { text: allowance, outOfOrdernessMs: ms(allowance) };
}

/**
 * Records say themselves how far event time is: `read` gives a watermark, or `'idle'` where nobody need wait for more,
 * or undefined. Lower watermarks than the last are passed over.
 *
 * Example: `punctuated((record) => (record.kind === 'end-of-day' ? record.at : undefined))`.
 */
export function punctuated<T>(
  read: (this: void, record: T, time: number) => number | 'idle' | undefined,
): Watermarks<T> {
  refuseAsync(read, 'punctuated watermarks');
  return { text: 'punctuated', punctuated: read };
}

/** No watermark but the last of all, which the end of the input brings. */
export function noWatermarks(): Watermarks<unknown> {
  return { text: 'none' };
}

/** What operators need to know of the options. */
export function watermarkStrategy<T>({ watermark = '0 ms', idle }: EventTimeOptions<T>): WatermarkStrategy {
  const { outOfOrdernessMs, punctuated: read } =
    typeof watermark === 'string' ? boundedOutOfOrderness(watermark) : watermark;
  return {
    ...(outOfOrdernessMs === undefined ? {} : { outOfOrdernessMs }),
    ...(read === undefined ? {} : { punctuated: read }),
    ...(idle === undefined ? {} : { idleAfterMs: positiveMs(idle, 'idle timeout') }),
  };
}

/** The options for people to read. */
export function watermarkDescription<T>({ watermark, idle }: EventTimeOptions<T>): Record<string, string> {
  return {
    ...(watermark === undefined
      ? {}
      : { watermark: typeof watermark === 'string' ? watermark : watermark.text }),
    ...(idle === undefined ? {} : { idle }),
  };
}

/** The node of `assignTime`. */
export function assignTimeNode<T>(name: string, spec: AssignTimeSpec<T>): NewNode {
  const { time, interval = INTERVAL } = spec;
  if (time !== undefined) {
    refuseAsync(time, `assignTime "${name}"`);
  }
  return {
    name,
    kind: 'assign-time',
    description: watermarkDescription(spec),
    definition: {
      kind: 'assign-time',
      ...(time === undefined ? {} : { time }),
      watermark: watermarkStrategy(spec),
      intervalMs: ms(interval),
    },
  };
}
