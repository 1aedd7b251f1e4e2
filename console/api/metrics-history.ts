/** The last minutes of a deployment's rates, kept by the page that reads them; the platform keeps no history of its own. */
import { useEffect, useState } from 'react';
import type { DeploymentMetrics } from '#contract/resources/metrics.ts';

export interface HistoryPoint {
  readonly at: string;
  readonly recordsIn: number | null;
  readonly recordsOut: number | null;
}

/** Three minutes at one reading every two seconds. */
const POINTS = 90;

const histories = new Map<string, readonly HistoryPoint[]>();
const NONE: readonly HistoryPoint[] = [];

export function useHistory(
  deployment: string,
  metrics: DeploymentMetrics | undefined,
): readonly HistoryPoint[] {
  const [history, setHistory] = useState(() => histories.get(deployment) ?? NONE);
  useEffect(() => {
    if (metrics === undefined) return;
    const former = histories.get(deployment) ?? NONE;
    // Two tabs of the page, or a reading that did not change, must not count twice.
    if (former.at(-1)?.at === metrics.at) return;
    const point = {
      at: metrics.at,
      recordsIn: metrics.recordsInPerSecond,
      recordsOut: metrics.recordsOutPerSecond,
    };
    const next = [...former, point].slice(-POINTS);
    histories.set(deployment, next);
    setHistory(next);
  }, [deployment, metrics]);
  return history;
}
