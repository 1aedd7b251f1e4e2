/**
 * What a slot's thread measures of itself, for the main thread of the same process: gaps in its work, delays of
 * records, and memory.
 */

/** Something that happened in the thread of a slot. */
export type Pulse =
  /** All keys are there; the heap with nothing and with all of them, after a collection of garbage. */
  | {
      readonly type: 'loaded';
      readonly atMs: number;
      readonly emptyBytes: number;
      readonly loadedBytes: number;
    }
  /** Records so far, and the gaps between two polls of the source that were longest since the last one. */
  | { readonly type: 'gaps'; readonly records: number; readonly gaps: readonly Gap[] }
  /** Delays of records from their due time to the sink, ms. */
  | { readonly type: 'delays'; readonly delays: Float64Array }
  /** When a sink got records: the first and the last since its last report, and the longest time between two. */
  | { readonly type: 'output'; readonly firstMs: number; readonly lastMs: number; readonly pauseMs: number };

/** A time in which the source was not asked. */
export interface Gap {
  readonly atMs: number;
  readonly lengthMs: number;
}

const CHANNEL = 'headwater-bench';

/** Sends from a slot's thread. */
export function pulseSender(): { readonly send: (pulse: Pulse) => void; readonly close: () => void } {
  const channel = new BroadcastChannel(CHANNEL);
  channel.unref();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel between threads has no origin
  return { send: (pulse) => channel.postMessage(pulse), close: () => channel.close() };
}

/** Hears in the main thread; gives the way to stop. */
export function hearPulses(hear: (pulse: Pulse) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  // Only slots of this process send here.
  channel.onmessage = (message) => hear((message as unknown as { readonly data: Pulse }).data);
  return () => channel.close();
}

/** ms since 1970 with its fractions, the same in all threads. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
