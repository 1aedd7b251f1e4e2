/** The last minutes of a deployment's rates, kept by the page that reads them: the platform keeps no history. */
import { useEffect, useSyncExternalStore } from 'react';
import type { DeploymentMetrics } from '#contract/resources/metrics.ts';

export interface HistoryPoint {
  readonly at: string;
  readonly recordsIn: number | null;
  readonly recordsOut: number | null;
}

/** Three minutes at one reading every two seconds. */
const POINTS = 90;

const histories = new Map<string, readonly HistoryPoint[]>();
const listeners = new Set<() => void>();
const NONE: readonly HistoryPoint[] = [];

/** Adds the reading to the history of the deployment and answers all of it, oldest first. */
export function useHistory(
  deployment: string,
  metrics: DeploymentMetrics | undefined,
): readonly HistoryPoint[] {
  useEffect(() => {
    if (metrics !== undefined) record(deployment, metrics);
  }, [deployment, metrics]);
  return useSyncExternalStore(subscribe, () => histories.get(deployment) ?? NONE);
}

function record(deployment: string, metrics: DeploymentMetrics): void {
  const former = histories.get(deployment) ?? NONE;
  // React runs effects twice in development, and an unchanged answer is read again: neither counts twice.
  if (former.at(-1)?.at === metrics.at) return;
  const { at, recordsInPerSecond, recordsOutPerSecond } = metrics;
  const point = { at, recordsIn: recordsInPerSecond, recordsOut: recordsOutPerSecond };
  histories.set(deployment, [...former, point].slice(-POINTS));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
