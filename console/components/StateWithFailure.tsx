import Popover from '@cloudscape-design/components/popover';
import type { Failure, JobState } from '#contract/resources/job.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { StateBadge } from './StateBadge.tsx';

interface StateWithFailureProps {
  readonly state: JobState | Savepoint['state'];
  readonly failure: Failure | null;
}

/** A state that opens its cause when there is one to know. */
export function StateWithFailure({ state, failure }: StateWithFailureProps) {
  const badge = <StateBadge state={state} />;
  if (failure === null) return badge;
  return (
    <Popover header={failure.reason} content={failure.message} triggerType="text" dismissAriaLabel="Close">
      {badge}
    </Popover>
  );
}
