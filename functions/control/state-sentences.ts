import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import type { JobState } from '#contract/resources/job.ts';

/** What a deployment is now, for the event log. */
export function deploymentSentence(state: DeploymentState): string {
  return state === 'failed' || state === 'finished'
    ? `The deployment has ${state}.`
    : `The deployment is ${state}.`;
}

/** How a job came to its end, without the full stop: the reason follows. */
export function jobEndPhrase(number: number, state: JobState): string {
  return state === 'terminated' ? `Job ${number} was terminated` : `Job ${number} has ${state}`;
}
