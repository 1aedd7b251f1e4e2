/** Verbs of the fake platform: planned, refused and carried out step by step, as the real one does. */
import { differences } from '#contract/differences.ts';
import { Problem } from '#contract/problems.ts';
import type { Deployment, DeploymentSpec } from '#contract/resources/deployment.ts';
import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import type { RestoredFrom } from '#contract/resources/job.ts';
import type { Operation, Plan } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { allowedVerbs, refusal, type Verb } from '#contract/verbs.ts';
import { workflows } from '#contract/workflows.ts';
import { event, iso, job, newId, unmarked, type FakeState } from './fake-seed.ts';

/** What becomes of the deployment; other verbs leave it as it was. */
const endsIn: Readonly<Partial<Record<Verb, DeploymentState>>> = {
  start: 'running',
  suspend: 'suspended',
  drain: 'finished',
  cancel: 'cancelled',
};

/** Verbs that put a new job in the place of another. */
const replacing: ReadonlySet<Verb> = new Set([
  'upgrade',
  'rollback',
  'restart',
  'reset',
  'rescale',
  'migrate',
]);

export interface VerbRequest {
  readonly verb: Verb;
  readonly body: {
    readonly description?: string;
    readonly acceptStateLoss?: boolean;
    readonly version?: number;
    readonly spec?: Readonly<Record<string, unknown>>;
    readonly to?: number | string;
    readonly savepointId?: string;
    readonly parallelism?: number;
    readonly target?: string;
    readonly name?: string;
    readonly reason?: string;
  };
}

/** Throws the `Problem` that the real platform would answer. */
export function plan(state: FakeState, deployment: Deployment, { verb, body }: VerbRequest): Plan {
  const reason = refusal(verb, deployment.status.state);
  if (reason !== undefined) {
    throw new Problem('verb-not-allowed', reason, { allowed: allowedVerbs(deployment.status.state) });
  }
  const losses = deployment.status.state === 'running' ? (lossesOf[verb] ?? []) : [];
  if (losses.length > 0 && deployment.spec.protected && body.acceptStateLoss !== true) {
    throw new Problem(
      'state-loss-not-accepted',
      `Cannot ${verb} deployment "${deployment.name}": it is protected`,
    );
  }
  return {
    kind: verb,
    deployment: deployment.name,
    steps: workflows[verb].map(({ step, title }) => ({ name: step, title })),
    restore: verb === 'start' ? newestState(state, deployment) : null,
    changes: differences(deployment.spec, changedSpec(deployment.spec, verb, body)),
    verdict: body.version === undefined ? null : { compatibility: 'compatible', states: [] },
    losses: [...losses],
    warnings: [],
    expectedPauseMs: replacing.has(verb) ? 740 : null,
  };
}

const lossesOf: Readonly<Partial<Record<Verb, readonly string[]>>> = {
  cancel: [
    'State since checkpoint 311 of 8 seconds ago is given up: about 386,000 records would be read again.',
  ],
  reset: ['What the running job computed since that state is given up.'],
  rollback: ['What the running job computed since that state is given up.'],
};

/** The spec as the verb leaves it. */
function changedSpec(spec: DeploymentSpec, verb: Verb, body: VerbRequest['body']): DeploymentSpec {
  if (!replacing.has(verb)) return spec;
  const { version = spec.version, parallelism = spec.parallelism, target = spec.target } = body;
  return { ...spec, version, parallelism, target, ...body.spec };
}

export function begin(state: FakeState, deployment: Deployment, request: VerbRequest): Operation {
  const planned = plan(state, deployment, request);
  const now = Date.now();
  const operation: Operation = {
    id: newId(),
    namespace: 'default',
    deployment: deployment.name,
    deploymentId: deployment.id,
    kind: request.verb,
    state: 'running',
    actor: 'user:admin',
    plan: planned,
    steps: planned.steps.map((step) => ({
      ...step,
      state: 'pending' as const,
      attempts: 0,
      startedAt: null,
      endedAt: null,
      message: null,
    })),
    jobId: deployment.status.jobId,
    savepointId: null,
    problem: null,
    followedBy: null,
    cancelRequestedAt: null,
    pauseMs: null,
    createdAt: iso(now),
    startedAt: iso(now),
    endedAt: null,
    revision: 1,
  };
  state.operations.unshift(operation);
  setState(deployment, 'transitioning', operation.id);
  state.events.unshift(
    event(deployment, now, `${request.verb} was accepted`, {
      name: 'operation-accepted',
      operationId: operation.id,
    }),
  );
  return operation;
}

/** Ends the step under way and begins the next; the last one carries the verb's effect. */
export function advance(state: FakeState, operation: Operation, request: VerbRequest): boolean {
  const now = iso(Date.now());
  const running = operation.steps.find((step) => step.state === 'running');
  if (running !== undefined) Object.assign(running, { state: 'succeeded', endedAt: now });
  const next = operation.steps.find((step) => step.state === 'pending');
  if (next !== undefined) {
    Object.assign(next, { state: 'running', attempts: 1, startedAt: now });
    return true;
  }
  Object.assign(operation, { state: 'succeeded', endedAt: now });
  finish(state, operation, request);
  return false;
}

function finish(state: FakeState, operation: Operation, { verb, body }: VerbRequest): void {
  const deployment = state.deployments.find((candidate) => candidate.name === operation.deployment);
  if (deployment === undefined) return;
  const current = state.jobs.find((candidate) => candidate.id === deployment.status.jobId);
  if (verb === 'suspend' || verb === 'savepoint') {
    const savepoint = newSavepoint(deployment, verb, body.description ?? '');
    state.savepoints.unshift(savepoint);
    Object.assign(operation, { savepointId: savepoint.id });
  }
  const ending = endsIn[verb];
  if (current !== undefined && (replacing.has(verb) || (ending !== undefined && verb !== 'start')))
    Object.assign(current, { state: 'terminated', endedAt: iso(Date.now()) });
  if (ending === 'suspended' || ending === 'cancelled')
    Object.assign(deployment.spec, { desiredState: ending });
  if (verb === 'start' || replacing.has(verb)) beginJob(state, deployment, operation, { verb, body });
  if (verb === 'delete') {
    const at = Date.now();
    const deletion = { at: iso(at), by: 'user:admin', purgeAt: iso(at + 7 * 86_400_000), savepoints: 'keep' };
    Object.assign(deployment, { deletion });
  }
  const after = verb === 'delete' ? 'suspended' : (ending ?? 'running');
  setState(deployment, after, null);
  state.events.unshift(
    event(deployment, Date.now(), `Deployment is ${after}`, {
      operationId: operation.id,
      before: 'transitioning',
      after,
    }),
  );
}

function beginJob(
  state: FakeState,
  deployment: Deployment,
  operation: Operation,
  { verb, body }: VerbRequest,
): void {
  Object.assign(deployment.spec, changedSpec(deployment.spec, verb, body));
  const next = job(deployment, (deployment.status.jobNumber ?? 0) + 1, Date.now(), null);
  const named: RestoredFrom | undefined =
    body.savepointId === undefined
      ? undefined
      : { kind: 'savepoint', savepointId: body.savepointId, location: '' };
  const restoredFrom = named ?? operation.plan.restore ?? newestState(state, deployment);
  state.jobs.unshift({ ...next, restoredFrom });
  Object.assign(deployment.status, { jobId: next.id, jobNumber: next.number });
  Object.assign(deployment.spec, { desiredState: 'running' });
}

/** A new deployment with the spec of the other; the operation is one of it. */
export function fork(state: FakeState, parent: Deployment, { body }: VerbRequest): Deployment {
  const copy = structuredClone(parent);
  const forked: Deployment = {
    ...copy,
    id: newId(),
    name: body.name ?? '',
    spec: { ...copy.spec, version: body.version ?? copy.spec.version },
    parent: {
      deploymentId: parent.id,
      deployment: parent.name,
      namespace: parent.namespace,
      savepointId: body.savepointId ?? null,
    },
    status: { ...copy.status, jobId: null, jobNumber: null },
  };
  state.deployments.push(forked);
  return forked;
}

function newSavepoint(deployment: Deployment, verb: Verb, description: string): Savepoint {
  const at = Date.now();
  return {
    id: newId(at),
    namespace: 'default',
    deployment: deployment.name,
    deploymentId: deployment.id,
    jobId: deployment.status.jobId ?? '',
    jobNumber: deployment.status.jobNumber ?? 1,
    version: deployment.spec.version,
    origin: verb === 'suspend' ? 'suspend' : 'user-request',
    state: 'completed',
    description,
    location: `s3://headwater/savepoints/${deployment.id}/${at}`,
    sizeBytes: 1_421_880,
    createdAt: iso(at),
    createdBy: 'user:admin',
    completedAt: iso(at),
    failure: null,
    ...unmarked,
  };
}

function newestState(state: FakeState, deployment: Deployment): RestoredFrom {
  const savepoint = state.savepoints.find(
    (candidate) => candidate.deployment === deployment.name && candidate.state === 'completed',
  );
  return savepoint === undefined
    ? { kind: 'none' }
    : { kind: 'savepoint', savepointId: savepoint.id, location: savepoint.location };
}

function setState(deployment: Deployment, state: DeploymentState, operationId: string | null): void {
  Object.assign(deployment.status, {
    state,
    operationId,
    message: null,
    allowed: allowedVerbs(state),
    transitionedAt: iso(Date.now()),
  });
}
