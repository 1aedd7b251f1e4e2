import v8 from 'node:v8';
import vm from 'node:vm';
import type { Source, SplitReader } from '../../engine/connectors/connector.ts';
import { BATCH_SIZE } from '../../engine/data/record-batch.ts';
import { type Infer, t } from '../../engine/index.ts';
import { type Gap, preciseNow, pulseSender } from './pulse.ts';

export const Reading = t.row({ key: t.int, amount: t.double, due: t.double });
export type Reading = Infer<typeof Reading>;

/** Which keys come, and how fast. */
export interface KeySourceOptions {
  /** Each comes once first, in order. */
  readonly keys: number;
  /** Of these the updates behind that are, over and over. */
  readonly hotKeys: number;
  /** Records a second behind the first pass; 0 is as many as are taken. */
  readonly ratePerSecond: number;
}

const REPORT_MS = 200;
/** Shorter gaps are batches at work. */
const GAP_MS_MIN = 0.2;
const PACE_MS = 1;

/** A source that never ends, and watches how often it is asked. */
export function keySource(options: KeySourceOptions): Source<Reading> {
  return {
    connector: 'keys',
    options: { ...options },
    schema: Reading,
    enumerator: () => ({
      discoverEveryMs: 0,
      discover: (known) => Promise.resolve(known.has('0') ? [] : [{ id: '0', position: '0' }]),
      close: () => Promise.resolve(),
    }),
    reader: (host) => {
      const reader = new KeyReader(options);
      // Records that are paced come due by the clock, and nobody else wakes the thread then.
      const pace = (): void => {
        reader.wake();
        cancel = host.schedule(PACE_MS, pace);
      };
      let cancel = options.ratePerSecond > 0 ? host.schedule(PACE_MS, pace) : () => {};
      return Object.assign(reader, {
        close: () => {
          cancel();
          reader.stop();
          return Promise.resolve();
        },
      });
    },
  };
}

class KeyReader implements SplitReader<Reading> {
  readonly #options: KeySourceOptions;
  readonly #pulse = pulseSender();
  readonly #emptyBytes = heapAfterCollection();
  #next = -1;
  #gaps: Gap[] = [];
  #polledAt = Number.NaN;
  #reportAt = 0;
  #pacedFrom: { readonly atMs: number; readonly next: number } | undefined;
  wake: () => void = () => {};

  constructor(options: KeySourceOptions) {
    this.#options = options;
  }

  add({ position }: { readonly position: string }): void {
    this.#next = Number(position);
    this.wake();
  }

  poll(batch: Parameters<SplitReader<Reading>['poll']>[0]): ReturnType<SplitReader<Reading>['poll']> {
    if (this.#next < 0) return undefined;
    const now = preciseNow();
    this.#watch(now);
    const end = this.#due(now);
    if (end <= this.#next) return undefined;
    batch.size = 0;
    for (; this.#next < end; this.#next++) {
      batch.times[batch.size] = now;
      batch.values[batch.size++] = this.#record(this.#next, now);
    }
    if (this.#next === this.#options.keys) this.#loaded(now);
    return { split: '0', bytes: 0 };
  }

  onAvailable(wake: () => void): void {
    this.wake = wake;
  }

  positions(): readonly { readonly id: string; readonly position: string }[] {
    return this.#next < 0 ? [] : [{ id: '0', position: String(this.#next) }];
  }

  close(): Promise<void> {
    this.stop();
    return Promise.resolve();
  }

  stop(): void {
    this.#pulse.close();
  }

  #record(number: number, now: number): Reading {
    const { keys, hotKeys, ratePerSecond } = this.#options;
    const key = number < keys ? number : (number - keys) % hotKeys;
    const paced = this.#pacedFrom;
    // Counted from when it should have come, so that a pause counts for all records that it held up.
    const due = paced === undefined ? now : paced.atMs + ((number - paced.next) * 1000) / ratePerSecond;
    return { key, amount: Math.imul(number, 0x9e3779b9) >>> 0, due };
  }

  /** Number of the first record that has to wait. */
  #due(now: number): number {
    const { keys, ratePerSecond } = this.#options;
    const end = this.#next + BATCH_SIZE;
    if (this.#next < keys) return Math.min(keys, end);
    if (ratePerSecond === 0) return end;
    this.#pacedFrom ??= { atMs: now, next: this.#next };
    const { atMs, next } = this.#pacedFrom;
    return Math.min(end, next + Math.floor(((now - atMs) * ratePerSecond) / 1000));
  }

  #loaded(now: number): void {
    this.#pulse.send({
      type: 'loaded',
      atMs: now,
      emptyBytes: this.#emptyBytes,
      loadedBytes: heapAfterCollection(),
    });
    this.#polledAt = Number.NaN;
  }

  #watch(now: number): void {
    const lengthMs = now - this.#polledAt;
    this.#polledAt = now;
    if (lengthMs >= GAP_MS_MIN) this.#gaps.push({ atMs: now - lengthMs, lengthMs });
    if (now < this.#reportAt) return;
    this.#reportAt = now + REPORT_MS;
    this.#pulse.send({ type: 'gaps', records: this.#next, gaps: this.#gaps });
    this.#gaps = [];
  }
}

let collect: (() => void) | undefined;

/** Bytes on the heap of this thread that are in use. */
function heapAfterCollection(): number {
  if (collect === undefined) {
    v8.setFlagsFromString('--expose-gc');
    collect = vm.runInNewContext('gc') as () => void; // the flag made it
  }
  collect();
  return v8.getHeapStatistics().used_heap_size;
}
