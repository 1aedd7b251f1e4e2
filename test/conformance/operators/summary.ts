/** What the suite's `aggregate` computes of values, or of their field `v`. */
export interface Summary {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** The accumulator functions of `aggregate`; null where nothing was added. */
export const summarize = {
  init: (): Summary | null => null,
  add: (summary: Summary | null, value: unknown): Summary => {
    const v = numberOf(value);
    return summary === null
      ? { count: 1, sum: v, min: v, max: v }
      : {
          count: summary.count + 1,
          sum: summary.sum + v,
          min: Math.min(summary.min, v),
          max: Math.max(summary.max, v),
        };
  },
  result: (summary: Summary | null): Summary | null => summary,
};

function numberOf(value: unknown): number {
  return typeof value === 'object' && value !== null && 'v' in value ? Number(value.v) : Number(value);
}
