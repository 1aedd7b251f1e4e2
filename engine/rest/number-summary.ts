/** Least, greatest, mean and quantiles in Flink's names; without values the quantiles are the text "NaN". */
export function summaryOf(values: readonly number[]): Record<string, number | string> {
  const sorted = values.toSorted((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    avg: sorted.length === 0 ? 0 : Math.round(sum / sorted.length),
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
  };
}

/** The text "NaN" without values. */
export function quantile(sorted: readonly number[], share: number): number | string {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 'NaN';
}
