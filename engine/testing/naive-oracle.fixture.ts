import { type End, type Program, type Reading, type Step, withParity } from './random-program.fixture.ts';

/** A row of a window, with the names that random programs give its aggregates. */
export interface OracleRow {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly n: number;
  readonly sum: number;
  readonly high: number;
}

/** What each key must have got: all its rows of windows, or the last result of its rolling function. */
export type OracleResult = Readonly<Record<string, unknown>>;

/** What a program computes, from the whole list at once and as plainly as can be. No record is late. */
export function expected(program: Program, records: readonly Reading[]): OracleResult {
  const prepared = program.steps.reduce<readonly Reading[]>(applyStep, records);
  const keyed = program.parity ? prepared.map(withParity) : prepared;
  const groups = Object.groupBy(keyed, (record) => record.key);
  const results = Object.entries(groups).map(
    ([key, own = []]) => [key, resultOf(program.end, key, own)] as const,
  );
  // Where windows have gaps between them a key may be in none.
  return Object.fromEntries(results.filter(([, result]) => !Array.isArray(result) || result.length > 0));
}

/** The same out of what a run has emitted. */
export function actual(program: Program, rows: readonly unknown[]): OracleResult {
  // What the last operator of a random program emits.
  const groups = Object.groupBy(rows as readonly (OracleRow & Reading)[], (row) => row.key);
  return Object.fromEntries(
    Object.entries(groups).map(([key, own = []]) => [
      key,
      isRolling(program.end) ? own.at(-1)?.n : own.map(rowText).sort(),
    ]),
  );
}

function isRolling(end: End): boolean {
  return end.kind === 'counter' || end.kind === 'reduce';
}

function applyStep(records: readonly Reading[], step: Step): readonly Reading[] {
  switch (step) {
    case 'double':
      return records.map((record) => ({ ...record, n: record.n * 2 }));
    case 'odd':
      return records.filter((record) => record.n % 2 === 1);
    case 'twice':
      return records.flatMap((record) => [record, { ...record, n: record.n + 1 }]);
    case 'nothing':
      return records;
  }
}

function resultOf(end: End, key: string, records: readonly Reading[]): unknown {
  switch (end.kind) {
    case 'counter':
      return records.length;
    case 'reduce':
      return total(records);
    case 'session':
      return sessions(records, end.gapMs)
        .map((each) => rowText(rowOf(key, each, spanOf(each, end.gapMs))))
        .sort();
    case 'tumbling':
      return windowRows(key, records, { sizeMs: end.sizeMs, slideMs: end.sizeMs, offsetMs: end.offsetMs });
    case 'sliding':
      return windowRows(key, records, { sizeMs: end.sizeMs, slideMs: end.slideMs, offsetMs: 0 });
  }
}

interface Periodic {
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
}

/** Looks at every window that could be, and at every record for each of them. */
function windowRows(
  key: string,
  records: readonly Reading[],
  { sizeMs, slideMs, offsetMs }: Periodic,
): string[] {
  const rows: string[] = [];
  const first = Math.floor(-60_000 / slideMs) * slideMs + offsetMs;
  for (let start = first; start <= 100_000; start += slideMs) {
    const inside = records.filter(({ at }) => at >= start && at < start + sizeMs);
    if (inside.length > 0) {
      rows.push(rowText(rowOf(key, inside, { start, end: start + sizeMs })));
    }
  }
  return rows.sort();
}

/** Runs of records of which each comes at most `gapMs` behind the one before: sessions that touch are one. */
function sessions(records: readonly Reading[], gapMs: number): Reading[][] {
  const runs: Reading[][] = [];
  for (const record of records.toSorted((left, right) => left.at - right.at)) {
    const last = runs.at(-1);
    if (last !== undefined && record.at - (last.at(-1)?.at ?? 0) <= gapMs) {
      last.push(record);
    } else {
      runs.push([record]);
    }
  }
  return runs;
}

function spanOf(run: readonly Reading[], gapMs: number): { readonly start: number; readonly end: number } {
  return { start: run[0]?.at ?? 0, end: (run.at(-1)?.at ?? 0) + gapMs };
}

function rowOf(
  key: string,
  records: readonly Reading[],
  { start, end }: { readonly start: number; readonly end: number },
): OracleRow {
  const high = Math.max(...records.map(({ n }) => n));
  return { key, start, end, n: records.length, sum: total(records), high };
}

function total(records: readonly Reading[]): number {
  return records.reduce((sum, { n }) => sum + n, 0);
}

function rowText({ start, end, n, sum, high }: OracleRow): string {
  return JSON.stringify({ start, end, n, sum, high });
}
