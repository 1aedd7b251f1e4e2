import type { SubtaskMetrics } from './job-status.ts';

const WINDOW_MS = 10_000;

/** Counters that grow, as rates. */
export interface SubtaskRates {
  readonly recordsInPerSecond: number;
  readonly recordsOutPerSecond: number;
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  readonly busyMsPerSecond: number;
  readonly backpressuredMsPerSecond: number;
  readonly idleMsPerSecond: number;
}

/** The counters of one subtask over the last ten seconds. */
export class RateWindow {
  readonly #samples: { readonly atMs: number; readonly metrics: SubtaskMetrics }[] = [];

  add(atMs: number, metrics: SubtaskMetrics): void {
    this.#samples.push({ atMs, metrics });
    // The oldest sample that stays is the last one from before the window, so that the window is full.
    while ((this.#samples[1]?.atMs ?? Infinity) <= atMs - WINDOW_MS) this.#samples.shift();
  }

  get latest(): SubtaskMetrics | undefined {
    return this.#samples.at(-1)?.metrics;
  }

  rates(): SubtaskRates {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    const seconds = first === undefined || last === undefined ? 0 : (last.atMs - first.atMs) / 1000;
    const rate = (counter: (metrics: SubtaskMetrics) => number): number =>
      first === undefined || last === undefined || seconds === 0
        ? 0
        : (counter(last.metrics) - counter(first.metrics)) / seconds;
    return {
      recordsInPerSecond: rate(({ recordsIn }) => recordsIn),
      recordsOutPerSecond: rate(({ recordsOut }) => recordsOut),
      bytesInPerSecond: rate(({ bytesIn }) => bytesIn),
      bytesOutPerSecond: rate(({ bytesOut }) => bytesOut),
      busyMsPerSecond: rate(({ busyMs }) => busyMs),
      backpressuredMsPerSecond: rate(({ backpressuredMs }) => backpressuredMs),
      idleMsPerSecond: rate(({ idleMs }) => idleMs),
    };
  }
}
