import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import type { JobState } from '#contract/resources/job.ts';
import type { SinkPolicy } from '#contract/resources/sink-policy.ts';

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

const sinkModes = {
  keep: 'are written where the program says',
  discard: 'are dropped',
  capture: 'are captured, and nothing is written outside of the platform',
} as const;

/** What becomes of what a deployment writes. */
export function sinkSentence({ every, sinks }: SinkPolicy): string {
  const others = Object.entries(sinks).map(([name, { mode }]) => `"${name}": ${mode}`);
  const named = others.length === 0 ? '' : ` Otherwise for ${others.join(', ')}.`;
  return `Records of its sinks ${sinkModes[every]}.${named}`;
}

/** What it means for results that sources begin at a time. */
export function startSentences(startAt: string | undefined): string[] {
  if (startAt === undefined) return [];
  return [
    `Its sources begin at ${startAt}, not at the positions of the state: records since then that are in the state already count twice, unless the state is older or empty.`,
    'Results are written again: sinks that write by key are repaired by that, sinks that append get them twice.',
  ];
}
