/** One figure of a benchmark. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

/** Something that is measured by `npm run bench -- NAME`. */
export interface Benchmark {
  readonly name: string;
  /** `args` are those behind the name, without `--json FILE`. */
  run(args: readonly string[]): Promise<readonly Measurement[]>;
}

/** The middle of some figures; of an even number of them the upper one. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((left, right) => left - right)[figures.length >> 1] ?? Number.NaN;
}

/** The figure that so large a share of them does not exceed. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
