/** The reductions of the suite: of an older and a newer value. */
const OPS: Readonly<Record<string, (older: never, newer: never) => unknown>> = {
  sum: (older: number, newer: number) => older + newer,
  min: (older: number, newer: number) => Math.min(older, newer),
  max: (older: number, newer: number) => Math.max(older, newer),
  first: (older: unknown) => older,
  last: (_: unknown, newer: unknown) => newer,
  concat: (older: unknown, newer: unknown) => `${String(older)}${String(newer)}`,
};

/** The function of an `op`; `sum` where a case names none. */
export function reduceOp(op = 'sum'): (older: unknown, newer: unknown) => unknown {
  const reduce = OPS[op];
  if (reduce === undefined) {
    throw new Error(`The suite has no reduction "${op}"; known are ${Object.keys(OPS).join(', ')}`);
  }
  return reduce as (older: unknown, newer: unknown) => unknown; // a case gives values that its op takes
}
