import type { Row } from './pipeline.ts';

/** Where a table is not what it must be. */
export function wrongRows(
  rows: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...expected.keys(), ...rows.keys()])]
    .filter((id) => rows.get(id) !== expected.get(id))
    .map((id) => `is ${rows.get(id) ?? 'nothing'} for "${id}", it must be ${expected.get(id) ?? 'nothing'}`);
}

/**
 * Where a ledger is not what it must be: every id once with its result, or, where results are running ones, every
 * number from one to the last exactly once.
 */
export function wrongEntries(
  entries: readonly Row[],
  expected: ReadonlyMap<string, string>,
  running: boolean,
): readonly string[] {
  const found = Map.groupBy(entries, ({ id }) => id);
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((id) => {
    const values = (found.get(id) ?? []).map(({ value }) => value);
    const last = expected.get(id);
    const wanted = running ? Array.from({ length: numberOf(last ?? '0') }, (_, index) => index + 1) : [last];
    const had = running ? values.map(numberOf).sort((a, b) => a - b) : values;
    const right = had.length === wanted.length && had.every((value, index) => value === wanted[index]);
    const ends = last === undefined || values.includes(last);
    return right && ends
      ? []
      : [`has ${values.join(', ')} for "${id}", the last must be ${last ?? 'nothing'}`];
  });
}

function numberOf(value: string): number {
  return Number.parseInt(value, 10);
}
