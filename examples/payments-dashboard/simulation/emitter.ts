/**
 * Sends payments in the order of their index, each exactly once, whatever happens to this process.
 *
 * Ids are indexes, so the stream itself knows what was sent. A cursor says from where on to look; after a crash, or
 * a call whose outcome is unknown, the stream is read back from there and what stands in it is not sent again.
 */
import { paymentId, paymentIndex } from './simulation.ts';
import type { Schedule, Simulation } from './simulation.ts';

/** All payments below `next` are in the stream, and none from `next` on was sent before `savedAt`. */
export interface Cursor {
  readonly next: number;
  readonly savedAt: number;
  readonly schedule: Schedule;
}

export interface CursorStore {
  load(): Promise<Cursor | undefined>;
  save(cursor: Cursor): Promise<void>;
}

export interface OutgoingRecord {
  readonly key: string;
  readonly data: Uint8Array;
}

/** The stream that payments go to. */
export interface PaymentStream {
  /** Appends once, without trying again; returns the positions in `records` of those that were refused. */
  append(records: readonly OutgoingRecord[]): Promise<readonly number[]>;
  /** Keys of all records that arrived since a moment, up to the tip. */
  keysSince(time: number): AsyncIterable<string>;
}

export interface EmitterOptions {
  readonly simulation: Simulation;
  readonly stream: PaymentStream;
  readonly cursors: CursorStore;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of a failed call that the emitter heals by itself. */
  readonly warn: (error: unknown) => void;
  /** Ends after this many payments. */
  readonly count?: number;
  /** Event time of payment 0. With it the schedule is never moved, however long the simulator was away. */
  readonly startAt?: number;
}

const BATCH = 500;
const TICK_MS = 100;
const SAVE_EVERY_MS = 1000;
/** Clocks of this machine and of the service may differ by less than this. */
const CLOCK_MARGIN_MS = 10_000;
/** A request that was given up may still arrive within this time. */
const SETTLE_MS = 1500;
/** After a longer absence payments go on from now, instead of making up for the time away. */
const ABSENCE_MS = 60_000;

export class Emitter {
  readonly #options: EmitterOptions;
  #cursor: Cursor;
  /** Payments from the cursor on that stand in the stream already. */
  #sent = new Set<number>();
  #stopped = false;

  constructor(options: EmitterOptions) {
    this.#options = options;
    this.#cursor = {
      next: 0,
      savedAt: options.now(),
      schedule: { index: 0, at: options.startAt ?? options.now() },
    };
  }

  /** Ends when `count` payments are sent, or after `stop`; the cursor is saved then. */
  async run(): Promise<void> {
    await this.#resume();
    while (!this.#stopped && !this.#isComplete()) {
      const batch = this.#nextBatch();
      if (batch.length > 0) await this.#send(batch);
      if (this.#options.now() - this.#cursor.savedAt >= SAVE_EVERY_MS) await this.#save();
      if (batch.length < BATCH) await this.#options.sleep(TICK_MS);
    }
    await this.#save();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #resume(): Promise<void> {
    const { cursors, now, startAt } = this.#options;
    const cursor = await cursors.load();
    if (cursor === undefined) {
      // The schedule must be known before the first payment is in the stream.
      await this.#save();
      return;
    }
    this.#cursor = cursor;
    await this.#readBack();
    await this.#sendGaps();
    const absence = now() - this.#options.simulation.dueAt(this.#cursor.next, cursor.schedule);
    if (startAt !== undefined || absence < ABSENCE_MS) return;
    this.#cursor = { ...this.#cursor, schedule: { index: this.#cursor.next, at: now() } };
    await this.#save();
  }

  /** Finds what is in the stream from the cursor on. */
  async #readBack(): Promise<void> {
    await this.#options.sleep(SETTLE_MS);
    this.#sent.clear();
    for await (const key of this.#options.stream.keysSince(this.#cursor.savedAt - CLOCK_MARGIN_MS)) {
      const index = paymentIndex(key);
      if (index !== undefined && index >= this.#cursor.next) this.#sent.add(index);
    }
    this.#advance();
  }

  /** Sends what is missing below the highest payment in the stream, so that the schedule may move behind it. */
  async #sendGaps(): Promise<void> {
    while (this.#sent.size > 0) {
      const highest = Math.max(...this.#sent);
      const gaps: number[] = [];
      for (let index = this.#cursor.next; index < highest && gaps.length < BATCH; index++) {
        if (!this.#sent.has(index)) gaps.push(index);
      }
      await this.#send(gaps);
    }
  }

  #nextBatch(): number[] {
    const { simulation, now, count = Infinity } = this.#options;
    const { next, schedule } = this.#cursor;
    const batch: number[] = [];
    for (let index = next; batch.length < BATCH && index < count; index++) {
      if (simulation.dueAt(index, schedule) > now()) break;
      if (!this.#sent.has(index)) batch.push(index);
    }
    return batch;
  }

  async #send(batch: readonly number[]): Promise<void> {
    const { simulation, stream, sleep } = this.#options;
    const records = batch.map((index) => ({
      key: paymentId(index),
      data: simulation.encode(index, this.#cursor.schedule),
    }));
    try {
      const refused = new Set(await stream.append(records));
      for (const [position, index] of batch.entries()) if (!refused.has(position)) this.#sent.add(index);
      this.#advance();
      if (refused.size > 0) await sleep(TICK_MS);
    } catch (error) {
      // Whether the payments arrived is unknown; only the stream can tell.
      this.#options.warn(error);
      await this.#readBack();
    }
  }

  #advance(): void {
    let { next } = this.#cursor;
    while (this.#sent.delete(next)) next++;
    this.#cursor = { ...this.#cursor, next };
  }

  async #save(): Promise<void> {
    // With a gap before what was sent, the stream must still be read from the time before the gap.
    const savedAt = this.#sent.size === 0 ? this.#options.now() : this.#cursor.savedAt;
    this.#cursor = { ...this.#cursor, savedAt };
    await this.#options.cursors.save(this.#cursor);
  }

  #isComplete(): boolean {
    return this.#cursor.next >= (this.#options.count ?? Infinity);
  }
}
