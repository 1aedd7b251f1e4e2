import { plainJsonOf } from '../../data/json-form.ts';
import type { DataType } from '../../data/schema.ts';
import type { EntryView } from '../../state/entry-view.ts';
import type { SnapshotTable } from '../../state/state-table.ts';
import type { StateLayout } from '../../state/state-layout.ts';
import type { ShownEntry } from './state-query.ts';

/** A list of a million values is cut, since it is made and sent between two batches. */
const VALUES_MAX = 1000;

/** Kinds whose layout has the type of something else than what readers see: accumulators, and records of two inputs. */
const UNTYPED: ReadonlySet<string> = new Set(['aggregating', 'matches']);

/** An entry as JSON that any client can read. */
export function shownEntry(entry: EntryView, { layout, distribution }: SnapshotTable): ShownEntry {
  const { mapKey, name, time, value, values, times } = entry;
  const type = valueTypeOf(layout);
  return {
    ...(distribution === 'key-groups' ? { key: untyped(entry.key) } : {}),
    ...(mapKey === undefined ? {} : { mapKey: shown(layout.mapKey ?? null, mapKey) }),
    ...(name === undefined ? {} : { name }),
    ...(time === undefined ? {} : { time: timeText(time) }),
    ...windowOf(entry),
    ...(value === undefined ? {} : { value: shown(values === undefined ? type : null, value) }),
    ...(values === undefined
      ? {}
      : {
          values: values.slice(0, VALUES_MAX).map((each) => shown(type, each)),
          count: values.length,
        }),
    ...(times === undefined ? {} : { times: times.slice(0, VALUES_MAX).map(timeText) }),
  };
}

/** Of what readers see; null where values describe themselves. */
export function valueTypeOf({ kind, value, timed }: StateLayout): DataType | null {
  return UNTYPED.has(kind) || (kind === 'windows' && timed === true) ? null : (value ?? null);
}

function windowOf({ start, end }: EntryView): Pick<ShownEntry, 'window'> {
  if (end === undefined) return {};
  if (end === Number.POSITIVE_INFINITY) return { window: 'global' };
  return { window: { ...(start === undefined ? {} : { start: timeText(start) }), end: timeText(end) } };
}

function shown(type: DataType | null, value: unknown): unknown {
  return type === null ? untyped(value) : plainJsonOf(type, value);
}

function untyped(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? (JSON.parse(JSON.stringify(value, plain)) as unknown)
    : plain('', value);
}

function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

function timeText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
