import { codecFor } from '../../data/codec.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import type { Schema } from '../../data/schema.ts';
import { unpinned } from '../../data/unpinned.ts';
import type { ValueCodec } from '../../data/value-codec.ts';
import { migratingReader } from '../../state/migration.ts';
import { layoutType, type StateLayout } from '../../state/state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from '../../state/state-table.ts';
import { TimeWheel, type WheelItem } from '../../state/time-wheel.ts';
import type { MatchEvent } from './partial-match.ts';

/** State name of events that wait for the watermark in snapshots. */
export const WAITING = 'waiting';

/** An event that waits for its time. */
export interface WaitingEvent extends MatchEvent, StateEntry, WheelItem<WaitingEvent> {
  time: number;
}

/**
 * The events of all keys whose time has not come, in the order in which they will be looked at: by time, and those of
 * one time as they came.
 *
 * Most events fit no match of their key, and most keys have no match: so an event waits by itself, and costs nothing
 * but its place until its turn comes. Values are as they came; what is kept longer is copied when a match takes it.
 */
export class WaitingEvents extends StateTable<WaitingEvent> {
  readonly name = WAITING;
  readonly layout: StateLayout;
  readonly #wheel = new TimeWheel<WaitingEvent>();
  readonly #codec: ValueCodec;
  #size = 0;

  constructor(events: Schema | undefined) {
    super();
    this.#codec = codecFor(events);
    this.layout = { kind: 'waiting', value: layoutType(events) };
  }

  get entryCount(): number {
    return this.#size;
  }

  add(key: Key, value: unknown, time: number): void {
    this.#wheel.add({
      version: this.version,
      key,
      value,
      time,
      order: 0,
      kept: false,
      list: undefined,
      before: undefined,
      after: undefined,
    });
    this.#size++;
  }

  /** Takes out the next event whose time is not after `now`. */
  poll(now: number): WaitingEvent | undefined {
    const event = this.#wheel.poll(now);
    if (event !== undefined) {
      this.#size--;
      if (event.version !== this.version) {
        this.touch(event);
      }
    }
    return event;
  }

  protected allEntries(): Iterator<WaitingEvent> {
    return this.#wheel.items();
  }

  write(out: FrameWriter, { time, value }: WaitingEvent): void {
    out.f64(time);
    this.#codec.write(out, value);
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null);
    return (from, key, keep) => {
      const time = from.f64();
      const value = readValue(from);
      if (keep) {
        this.add(unpinned(key), unpinned(value), time);
      }
    };
  }
}
