/** One source out of two: what happened before a moment, and what has happened since. */
import type { ConnectorOptions, Source, SplitTime } from '../connector.ts';
import { parseInstant } from '../../data/instant-text.ts';
import { HistoryEnumerator } from './history-enumerator.ts';
import { HistoryReader } from './history-reader.ts';
import { isPast, nameInPast } from './past-split.ts';

/** Options of {@link history}. */
export interface HistoryOptions {
  /**
   * The boundary: ISO 8601 with a zone, or ms since 1970. From a configuration it comes as `t.instant`: a push builds
   * the graph with placeholders, and that of a text is no time.
   */
  readonly until: string | number;
}

/**
 * Reads `past` to its end and then goes on with `live`: of `past` the records whose event time is before `until`, of
 * `live` those at `until` and after it. So a record that both have is counted once, on the side where it belongs.
 *
 * Contract: `past` has an end, and event time is `live.time`, or `past.time` where `live` has none. No live record is
 * read before the last one of the past is, and no watermark passes `until` before. When the past is read, `live` must
 * still have everything from `until` on: with Kinesis begin at the oldest record, as it does by default, or at a time
 * of arrival before `until`, and mind the stream's retention. Checkpoints hold the positions of both, so a restore
 * goes on in either. A later version of the program may use `live` alone and keep its state.
 *
 * Example:
 * `history(files({ location: 's3://archive/', schema, time }), kinesis({ stream, schema, time }), { until: '2026-11-01T00:00:00Z' })`.
 */
export function history<T>(past: Source<T>, live: Source<T>, { until }: HistoryOptions): Source<T> {
  const boundary = typeof until === 'number' ? until : parseInstant(until);
  const time = live.time ?? past.time;
  const reason = Number.isFinite(boundary)
    ? misuse(past, live)
    : `until is "${until}"; give ISO 8601 with a zone, as in "2026-11-01T00:00:00Z"`;
  if (reason !== undefined || time === undefined) {
    throw new Error(
      `Cannot join the history of "${past.connector}" to "${live.connector}": ${reason ?? 'neither has event time; give them time'}`,
    );
  }
  return {
    connector: 'history',
    options: {
      until: new Date(boundary).toISOString(),
      ...described('past', past),
      ...described('live', live),
    },
    schema: past.schema,
    time,
    ...(live.bounded === true ? { bounded: true } : {}),
    splitTime: (id): SplitTime =>
      isPast(id)
        ? (past.splitTime?.(nameInPast(id)) ?? {})
        : { ...live.splitTime?.(id), notBefore: boundary },
    enumerator: (host) => new HistoryEnumerator(past.enumerator(host), live.enumerator(host), boundary),
    reader: (host, subtask) =>
      new HistoryReader(
        { openPast: () => past.reader(host, subtask), openLive: () => live.reader(host, subtask) },
        // Records are of both sources' type; the runtime hands them on without looking.
        { until: boundary, timeOf: (value) => time(value as T) },
      ),
  };
}

function misuse<T>(past: Source<T>, live: Source<T>): string | undefined {
  if (past.bounded !== true) {
    return `"${past.connector}" has no end; give a bounded source first, such as files`;
  }
  if (live.options['start'] === 'latest') {
    return `"${live.connector}" starts at its latest record and would skip what comes while the past is read; start it before until`;
  }
  return undefined;
}

function described<T>(side: string, { connector, options }: Source<T>): ConnectorOptions {
  const named = Object.entries(options).map(([name, value]) => [`${side}.${name}`, value] as const);
  return { [side]: connector, ...Object.fromEntries(named) };
}
