import type { Deployment } from '#contract/resources/deployment.ts';
import type { Happening } from '../control/new-event.ts';
import type { Write } from '../stores/database.ts';

/** The events by which the conditions of a deployment go with its job: what is not there cannot be failing. */
export function clearedConditions({ status }: Deployment, event: (happening: Happening) => Write): Write[] {
  return status.conditions
    .filter(({ type }) => type !== 'spec-invalid')
    .map(({ type }) =>
      event({
        name: 'condition-cleared',
        message: `The condition ${type} went with its job.`,
        jobId: status.jobId,
        before: type,
      }),
    );
}
