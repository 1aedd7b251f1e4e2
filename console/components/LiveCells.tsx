/** Live figures of a deployment in a row of the list; the detail page reads the same answers. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentMetrics } from '#contract/resources/metrics.ts';
import { useMetrics } from '../api/deployments.ts';
import { ageText, durationText } from '../ui/duration-text.ts';
import { rateText, UNKNOWN } from '../ui/number-text.ts';
import { useNow } from '../ui/use-now.ts';
import { watermarkLag } from './watermark-lag.ts';

interface LiveCellProps {
  readonly deployment: Deployment;
}

export function LiveRate({ deployment }: LiveCellProps) {
  const metrics = liveMetrics(deployment, useMetrics(deployment));
  const trouble = metrics === undefined ? undefined : troubleOf(metrics);
  if (trouble !== undefined) return <span className="warning nowrap">{trouble}</span>;
  return <span className="num">{rateText(metrics?.recordsInPerSecond)}</span>;
}

export function LiveLag({ deployment }: LiveCellProps) {
  const metrics = liveMetrics(deployment, useMetrics(deployment));
  const lag = watermarkLag(metrics?.watermark, useNow());
  if (lag.amount === UNKNOWN) return <>{UNKNOWN}</>;
  return (
    <span className={`num nowrap ${lag.tone ?? ''}`}>
      {lag.amount} {lag.unit} behind
    </span>
  );
}

export function LiveCheckpoint({ deployment }: LiveCellProps) {
  const metrics = liveMetrics(deployment, useMetrics(deployment));
  const now = useNow();
  const last = metrics?.lastCheckpoint;
  if (last === undefined || last === null) return <>{UNKNOWN}</>;
  return (
    <span className="num nowrap">
      {ageText(now - Date.parse(last.triggeredAt))} ago, {durationText(last.durationMs)}
    </span>
  );
}

/** What is wrong with a job that is meant to run, in two words; its figures would say zero or nothing. */
function troubleOf({ unreachable, jobState }: DeploymentMetrics): string | undefined {
  if (unreachable !== null) return 'no answer';
  return isRestarting(jobState) ? 'restarting' : undefined;
}

/** Whether the job waits for its next try, or is being failed for one. */
export function isRestarting(jobState: string | null): boolean {
  return jobState === 'RESTARTING' || jobState === 'FAILING';
}

/** Figures of a job that has ended say nothing about now. */
export function liveMetrics(
  deployment: Deployment,
  query: UseQueryResult<DeploymentMetrics>,
): DeploymentMetrics | undefined {
  const { state } = deployment.status;
  return state === 'running' || state === 'transitioning' ? query.data : undefined;
}
