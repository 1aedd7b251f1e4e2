import { codecFor } from '../../data/codec.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import type { Schema } from '../../data/schema.ts';
import type { ValueCodec } from '../../data/value-codec.ts';
import type { EntryFields } from '../../state/entry-view.ts';
import { migratingReader } from '../../state/migration.ts';
import { ownKey } from '../../state/own-key.ts';
import { layoutType, type StateLayout } from '../../state/state-layout.ts';
import { type EntryReader, StateTable } from '../../state/state-table.ts';
import { type MatchEntry, NO_DEADLINES, NO_EVENTS } from './match-entry.ts';
import { readMatches, writeMatches } from './match-snapshot.ts';
import type { MatchesOfKey } from './nfa-run.ts';
import type { NfaState } from './nfa-state.ts';

/** State name of matches on their way in snapshots. */
export const MATCHES = 'matches';

/** Of an entry that is in no wheel. */
const OUTSIDE = { changed: false, time: 0, list: undefined, before: undefined, after: undefined };

/** What a pattern has under way, one entry per key; keys without anything under way have none. */
export class MatchTable extends StateTable<MatchEntry> {
  readonly name = MATCHES;
  readonly layout: StateLayout;
  readonly #entries = new Map<Key, MatchEntry>();
  readonly #states: ReadonlyMap<string, NfaState>;
  readonly #codec: ValueCodec;

  constructor(states: ReadonlyMap<string, NfaState>, events: Schema | undefined) {
    super();
    this.#states = states;
    this.#codec = codecFor(events);
    this.layout = { kind: 'matches', value: layoutType(events) };
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  get(key: Key): MatchEntry | undefined {
    return this.#entries.get(key);
  }

  insert(key: Key, { partial, completed }: MatchesOfKey): MatchEntry {
    return this.#add({
      version: this.version + 1,
      key: ownKey(key),
      partial,
      completed,
      waiting: NO_EVENTS,
      deadlines: NO_DEADLINES,
      events: 0,
      ...OUTSIDE,
    });
  }

  remove(entry: MatchEntry): void {
    this.removed(entry);
    this.#entries.delete(entry.key);
  }

  entries(): IterableIterator<MatchEntry> {
    return this.#entries.values();
  }

  protected allEntries(): Iterator<MatchEntry> {
    return this.#entries.values();
  }

  protected override *entriesOf(key: Key): Generator<MatchEntry> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      yield entry;
    }
  }

  /** What a pattern has taken is a graph; how far it is, is what people ask. */
  protected override view({ partial, waiting }: MatchEntry): EntryFields {
    return {
      values: waiting.map(({ value }) => value),
      times: waiting.map(({ time }) => time),
      value: { partialMatches: partial.items.length, waitingEvents: waiting.length },
    };
  }

  write(out: FrameWriter, entry: MatchEntry): void {
    writeMatches(out, entry, (frame, value) => this.#codec.write(frame, value));
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null);
    return {
      put: (from, key, keep) => {
        const matches = readMatches(from, this.#states, readValue);
        if (keep) {
          this.#add({ version: this.version + 1, key: ownKey(key), ...matches, ...OUTSIDE });
        }
      },
      remove: (_from, key, keep) => {
        if (keep) {
          this.#entries.delete(key);
        }
      },
    };
  }

  #add(entry: MatchEntry): MatchEntry {
    this.#entries.set(entry.key, entry);
    this.born(entry);
    return entry;
  }
}
