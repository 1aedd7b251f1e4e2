import type { Key } from '../../data/key-groups.ts';
import type { EntryView } from '../../state/entry-view.ts';
import type { OwnedTable } from '../../state/operator-state.ts';
import type { SnapshotTable } from '../../state/state-table.ts';
import { keyFromText, keyKind } from './key-from-text.ts';
import { shownEntry, valueTypeOf } from './shown-entry.ts';
import type { SlotAnswer, SlotQuery, TableQuery } from './slot-query.ts';
import { type ShownEntry, StateQueryError, type StateSummary } from './state-query.ts';

/** Scans that may be open at a time; whoever begins one more ends the oldest. */
const SCANS_MAX = 16;

/** A page ends after so many entries, wanted or not: some 2 ms, as long as a turn of the slot. */
const LOOKED_AT_MAX = 20_000;

interface Scan {
  readonly entries: Iterator<EntryView>;
  readonly table: SnapshotTable;
  readonly mapKey: string | undefined;
}

/** Answers queries out of the tables of one slot, in its own thread, between two turns. */
export class SlotQueries {
  readonly #tables: () => Iterable<OwnedTable>;
  readonly #scans = new Map<number, Scan>();
  /** Asked for once: the first entry of a map may lie behind many that were deleted. */
  readonly #samples = new WeakMap<SnapshotTable, Key>();
  #lastScan = 0;

  constructor(tables: () => Iterable<OwnedTable>) {
    this.#tables = tables;
  }

  /** Never throws: a query that fails must not fail the job. */
  answer({ table }: SlotQuery): SlotAnswer {
    try {
      return table === undefined ? { kind: 'tables', tables: this.#summaries() } : this.#page(table);
    } catch (error) {
      if (error instanceof StateQueryError)
        return { kind: 'refused', refusal: error.refusal, reason: error.message };
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'refused', refusal: 'no-answer', reason: `Cannot read the state: ${reason}` };
    }
  }

  #summaries(): readonly StateSummary[] {
    return [...this.#tables()].map(({ owner, table }) => {
      const sample = this.#sampleOf(table);
      const valueType = valueTypeOf(table.layout);
      return {
        operatorId: owner.operatorId,
        operator: owner.operatorName,
        state: table.name,
        kind: table.layout.kind,
        // Every subtask has the same of a broadcast: that of one counts.
        entries: table.distribution === 'broadcast' && owner.subtask > 0 ? 0 : table.entryCount,
        ...(sample === undefined ? {} : { keyKind: keyKind(sample) }),
        ...(valueType === null ? {} : { valueType }),
        ...(table.layout.mapKey ? { mapKeyType: table.layout.mapKey } : {}),
      };
    });
  }

  #page(query: TableQuery): SlotAnswer {
    const scan = query.scan === 0 ? this.#begin(query) : this.#resume(query.scan);
    if (scan === undefined) return { kind: 'page', entries: [], scan: 0 };
    const entries: ShownEntry[] = [];
    for (let looked = 0; looked < LOOKED_AT_MAX && entries.length < query.limit; looked += 1) {
      const next = scan.entries.next();
      if (next.done === true) return this.#pageOf(scan, entries, 0);
      const { mapKey } = next.value;
      if (scan.mapKey === undefined || textOf(mapKey) === scan.mapKey)
        entries.push(shownEntry(next.value, scan.table));
    }
    return this.#pageOf(scan, entries, this.#keep(scan));
  }

  #pageOf({ table }: Scan, entries: readonly ShownEntry[], scan: number): SlotAnswer {
    const sample = this.#sampleOf(table);
    return { kind: 'page', entries, scan, ...(sample === undefined ? {} : { sample }) };
  }

  /** Undefined where nothing can be found, since the table has no key to tell what the text means. */
  #begin({ operatorId, state, key, mapKey }: TableQuery): Scan | undefined {
    const table = this.#tableOf(operatorId, state);
    if (table === undefined) return undefined;
    if (key === undefined) return { entries: iteratorOf(table.look()), table, mapKey: undefined };
    const sample = this.#sampleOf(table);
    if (sample === undefined) return undefined;
    return { entries: iteratorOf(table.look(keyFromText(key, sample))), table, mapKey };
  }

  #tableOf(operatorId: string, state: string): SnapshotTable | undefined {
    for (const { owner, table } of this.#tables())
      if (owner.operatorId === operatorId && table.name === state) return table;
    return undefined;
  }

  /** A key that the table holds or has held: keys of one kind follow each other. */
  #sampleOf(table: SnapshotTable): Key | undefined {
    if (table.distribution !== 'key-groups') return undefined;
    const known = this.#samples.get(table);
    if (known !== undefined) return known;
    for (const { key } of table.look()) {
      this.#samples.set(table, key);
      return key;
    }
    return undefined;
  }

  #resume(number: number): Scan {
    const scan = this.#scans.get(number);
    this.#scans.delete(number);
    if (scan === undefined)
      throw new StateQueryError(
        'expired',
        'Cannot go on with this cursor: it was used before, or is too old; begin again without it',
      );
    return scan;
  }

  #keep(scan: Scan): number {
    this.#lastScan += 1;
    this.#scans.set(this.#lastScan, scan);
    const [oldest] = this.#scans.keys();
    if (this.#scans.size > SCANS_MAX && oldest !== undefined) {
      this.#scans.get(oldest)?.entries.return?.();
      this.#scans.delete(oldest);
    }
    return this.#lastScan;
  }
}

function iteratorOf(entries: Iterable<EntryView>): Iterator<EntryView> {
  return entries[Symbol.iterator]();
}

/** A map key as people write it. */
function textOf(mapKey: unknown): string {
  return typeof mapKey === 'object' ? JSON.stringify(mapKey) : String(mapKey);
}
