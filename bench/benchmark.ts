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
  run(): Promise<readonly Measurement[]>;
}

/** The middle of some figures; of an even number of them the upper one. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((left, right) => left - right)[figures.length >> 1] ?? Number.NaN;
}
