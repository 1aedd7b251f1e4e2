import { Problem } from '#contract/problems.ts';
import type { Deployment, DeploymentSpec } from '#contract/resources/deployment.ts';
import type { DesiredState } from '#contract/resources/deployment-state.ts';
import type { Verb } from '#contract/verbs.ts';
import { driftOf } from './job-settings.ts';

/** What a new spec means for a deployment. */
export interface SpecChange {
  /** The verb that brings the change about; null when nothing has to be done, or nothing may be. */
  readonly verb: Verb | null;
  /** Fields that the running job does not have until its next start. */
  readonly pending: readonly string[];
}

const verbFor: Readonly<Record<DesiredState, Verb>> = {
  running: 'start',
  suspended: 'suspend',
  cancelled: 'cancel',
};

/**
 * Which operation a new spec asks for, and which of its changes wait.
 *
 * A changed desired state asks for its verb. Otherwise a change of what the running job was started with is brought to
 * it as the upgrade strategy says: what only differs in `parallelism` is rescaled, what only differs in `target`
 * migrated, all else upgraded; with the strategy `none` it waits. The same document applied twice changes nothing the
 * second time, and whether the verb is legal now is decided with every other verb.
 *
 * `running` is the spec of the job of now; without one it is taken to run what the deployment says.
 */
export function specChange(
  deployment: Deployment,
  next: DeploymentSpec,
  running: DeploymentSpec = deployment.spec,
): SpecChange | Problem {
  const { spec, status } = deployment;
  if (next.application !== spec.application) {
    const message = `Cannot change deployment "${deployment.name}": its application is "${spec.application}" for ever; create another deployment for "${next.application}"`;
    return new Problem('invalid-request', message, {
      errors: [{ pointer: '/spec/application', message: 'cannot be changed' }],
    });
  }
  if (next.desiredState !== spec.desiredState) return { verb: verbFor[next.desiredState], pending: [] };
  const hasJob = status.state === 'running' || status.operationId !== null;
  const drift = hasJob ? driftOf(running, next) : [];
  const isTouched = driftOf(spec, next).length > 0 || spec.upgradeStrategy.kind !== next.upgradeStrategy.kind;
  const verb = status.operationId === null && isTouched ? upgradingVerb(drift, next) : null;
  return verb === null ? { verb, pending: drift } : { verb, pending: [] };
}

/** The verb that brings fields of the spec to the job that differs in them; null when none may. */
export function upgradingVerb(drift: readonly string[], { upgradeStrategy }: DeploymentSpec): Verb | null {
  if (drift.length === 0 || upgradeStrategy.kind === 'none') return null;
  if (drift.length > 1) return 'upgrade';
  if (drift[0] === 'parallelism') return 'rescale';
  return drift[0] === 'target' ? 'migrate' : 'upgrade';
}

/** A sentence about changes that wait; undefined when none does. */
export function pendingSentence(pending: readonly string[]): string | undefined {
  if (pending.length === 0) return undefined;
  const verb = pending.length === 1 ? 'takes' : 'take';
  return `The changed ${pending.join(', ')} ${verb} effect at the next start; the running job keeps what it was started with.`;
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
