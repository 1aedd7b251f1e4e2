/** The part of a spec with which a job is started: only a new job, or a rescaling, brings a change of it about. */
import { differences } from '#contract/differences.ts';
import type { DeploymentSpec } from '#contract/resources/deployment.ts';
import type { Difference } from '#contract/resources/difference.ts';

const FROZEN = [
  'version',
  'target',
  'parallelism',
  'maxParallelism',
  'configuration',
  'checkpointInterval',
  'checkpointing',
  'stateBackend',
  'resources',
  'recovery',
  'sinks',
  'logging',
] as const satisfies readonly (keyof DeploymentSpec)[];

/** What a worker is told of a spec; all other fields concern the platform and take effect at once. */
export function jobSettings(spec: DeploymentSpec): Readonly<Record<string, unknown>> {
  const frozen = Object.fromEntries(FROZEN.map((field) => [field, spec[field]]));
  // Of the limits a worker keeps this one only.
  return { ...frozen, limits: { maxRestarts: spec.limits.maxRestarts } };
}

/** In what a running job differs from what its deployment says; empty when it runs exactly that. */
export function jobDifferences(running: DeploymentSpec, wanted: DeploymentSpec): Difference[] {
  return differences(jobSettings(running), jobSettings(wanted));
}

/** Fields of the spec, without what is below them, in which they differ. */
export function driftOf(running: DeploymentSpec, wanted: DeploymentSpec): string[] {
  return fieldsOf(jobDifferences(running, wanted));
}

/** The fields that differences lie in, each once. */
export function fieldsOf(found: readonly Difference[]): string[] {
  return [...new Set(found.map(({ pointer }) => pointer.split('/')[1] ?? ''))];
}
