import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { DeploymentState, DesiredState } from '#contract/resources/deployment-state.ts';
import type { JobState } from '#contract/resources/job.ts';
import type { Operation } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';

type AnyState =
  | DeploymentState
  | DesiredState
  | JobState
  | Operation['state']
  | Operation['steps'][number]['state']
  | Savepoint['state'];

/** How each state of each noun looks: one table, so that the same word looks the same on every page. */
export const looks: Readonly<Record<AnyState, StatusIndicatorProps.Type>> = {
  running: 'success',
  suspended: 'stopped',
  cancelled: 'stopped',
  transitioning: 'in-progress',
  failed: 'error',
  finished: 'success',
  starting: 'in-progress',
  terminating: 'in-progress',
  terminated: 'stopped',
  pending: 'pending',
  succeeded: 'success',
  skipped: 'not-started',
  started: 'in-progress',
  completed: 'success',
  queued: 'pending',
  deleted: 'stopped',
};

/** The state of a deployment, a job, a savepoint. */
export function StateBadge({ state }: { readonly state: AnyState }) {
  return <StatusIndicator type={looks[state]}>{state}</StatusIndicator>;
}

/** The state of an operation or of a step: there `running` means that it is still being done. */
export function ProgressBadge({ state }: { readonly state: Operation['state'] }) {
  return <StatusIndicator type={progressLook(state)}>{state}</StatusIndicator>;
}

export function progressLook(
  state: Operation['state'] | Operation['steps'][number]['state'],
): StatusIndicatorProps.Type {
  return state === 'running' ? 'in-progress' : looks[state];
}
