import { Problem } from '#contract/problems.ts';
import type { Deployment, DeploymentSpec } from '#contract/resources/deployment.ts';
import type { DesiredState } from '#contract/resources/deployment-state.ts';
import type { Verb } from '#contract/verbs.ts';

/** What a new spec means for a deployment. */
export interface SpecChange {
  /** The verb that reaches the changed desired state; null when it did not change. */
  readonly verb: Verb | null;
  /** Changed fields that the running job does not have until the next start. */
  readonly pending: readonly string[];
}

const verbFor: Readonly<Record<DesiredState, Verb>> = {
  running: 'start',
  suspended: 'suspend',
  cancelled: 'cancel',
};

/** Fields with which a job is started; all others take effect at once. */
const frozenFields = [
  'version',
  'parallelism',
  'maxParallelism',
  'configuration',
  'checkpointInterval',
  'checkpointing',
  'stateBackend',
  'restoreTolerance',
  'resources',
  'limits',
  'recovery',
] as const satisfies readonly (keyof DeploymentSpec)[];

/**
 * Which operation a new spec asks for, and which of its changes wait.
 *
 * Only a changed desired state begins an operation, so that the same document applied twice changes nothing the
 * second time. Whether the verb is legal now is decided with every other verb.
 */
export function specChange(deployment: Deployment, next: DeploymentSpec): SpecChange | Problem {
  const { spec } = deployment;
  if (next.application !== spec.application) {
    const message = `Cannot change deployment "${deployment.name}": its application is "${spec.application}" for ever; create another deployment for "${next.application}"`;
    return new Problem('invalid-request', message, {
      errors: [{ pointer: '/spec/application', message: 'cannot be changed' }],
    });
  }
  const hasJob = deployment.status.state === 'running' || deployment.status.operationId !== null;
  const isChanged = next.desiredState !== spec.desiredState;
  return {
    verb: isChanged ? verbFor[next.desiredState] : null,
    pending: hasJob ? frozenFields.filter((field) => !isEqual(spec[field], next[field])) : [],
  };
}

/** A sentence about changes that wait; undefined when none does. */
export function pendingSentence(pending: readonly string[]): string | undefined {
  if (pending.length === 0) return undefined;
  const verb = pending.length === 1 ? 'takes' : 'take';
  return `The changed ${pending.join(', ')} ${verb} effect at the next start; the running job keeps what it was started with.`;
}

/** Fields of the spec that differ between a running job and its deployment. */
export function driftOf(jobSpec: DeploymentSpec, spec: DeploymentSpec): string[] {
  return frozenFields.filter((field) => !isEqual(jobSpec[field], spec[field]));
}

/** Equal as JSON, whatever the order of members. */
export function isEqual(left: unknown, right: unknown): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

/** JSON text with members in order of their names: equal documents have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
