/** Rows of windows as aligned columns, which is a third of the bytes and what a chart draws. */

export interface ResultRow {
  readonly start: number;
  readonly key: string;
  readonly payments: number;
  readonly volume: number;
}

/** Numbers of every key over the same windows; a window in which a key had nothing holds 0. */
export interface Series {
  readonly stepMs: number;
  readonly starts: readonly number[];
  readonly keys: Readonly<Record<string, { readonly payments: number[]; readonly volume: number[] }>>;
}

export function toSeries(rows: readonly ResultRow[], stepMs: number): Series {
  const starts = [...new Set(rows.map((row) => row.start))].sort((a, b) => a - b);
  const position = new Map(starts.map((start, index) => [start, index]));
  const keys: Record<string, { payments: number[]; volume: number[] }> = {};
  for (const row of rows) {
    const index = position.get(row.start) ?? 0;
    const series = (keys[row.key] ??= {
      payments: starts.map(() => 0),
      volume: starts.map(() => 0),
    });
    series.payments[index] = row.payments;
    series.volume[index] = Math.round(row.volume * 100) / 100;
  }
  return { stepMs, starts, keys };
}
