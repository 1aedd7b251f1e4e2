import type { Case, CaseOutput } from './case.ts';

/**
 * The first difference between what Flink emitted for a case and what we did; undefined where there is none.
 *
 * Watermarks and idleness must agree in order, and so must what lies between them; between them, only the records of
 * one key on one output have an order. Of an error only its place counts. Source: test/data/operators/README.md §2.
 */
export function difference({ output, order }: Case, actual: readonly CaseOutput[]): string | undefined {
  const [expected, got] = [normal(output, order), normal(actual, order)];
  const index = expected.findIndex((line, at) => line !== got[at]);
  if (index >= 0) {
    return `expected ${expected[index]}, got ${got[index] ?? 'nothing more'}`;
  }
  return got.length > expected.length ? `unexpected ${got[expected.length]}` : undefined;
}

/** The entries as lines in which every freedom of order is gone. */
function normal(output: readonly CaseOutput[], order: Case['order']): readonly string[] {
  const steps = Map.groupBy(output, ({ at = -1, subtask = 0 }) => at * 1000 + subtask);
  return [...steps]
    .sort(([left], [right]) => left - right)
    .flatMap(([, entries]) => runs(entries).flatMap((run) => arranged(run, order)));
}

/** Cuts the entries of a step at watermarks and idleness; those stand alone. */
function runs(entries: readonly CaseOutput[]): readonly (readonly CaseOutput[])[] {
  const result: CaseOutput[][] = [];
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (before !== undefined && isRecord(before) && isRecord(entry)) {
      result.at(-1)?.push(entry);
    } else {
      result.push([entry]);
    }
  }
  return result;
}

function arranged(run: readonly CaseOutput[], order: Case['order']): readonly string[] {
  const groups = Map.groupBy(run, ({ side, key }) => canonical([side ?? null, key ?? null]));
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, entries]) => ofOneKey(entries, order));
}

function ofOneKey(entries: readonly CaseOutput[], order: Case['order']): readonly string[] {
  if (order === undefined) {
    return entries.map(line);
  }
  const lines: string[][] = [];
  for (const [index, entry] of entries.entries()) {
    const together = order === 'any' || entries[index - 1]?.ts === entry.ts;
    if (index > 0 && together) {
      lines.at(-1)?.push(line(entry));
    } else {
      lines.push([line(entry)]);
    }
  }
  return lines.flatMap((each) => each.sort());
}

function isRecord(entry: CaseOutput): boolean {
  return 'record' in entry;
}

function line(entry: CaseOutput): string {
  const { hashCode: _, ...rest } = entry;
  return canonical('error' in entry ? { at: entry.at, error: true } : rest);
}

/** Text of a value that does not depend on the order of its fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}
