/** Verbs of the fake platform: planned, refused and carried out step by step, as the real one does. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import type { RestoredFrom } from '#contract/resources/job.ts';
import type { Operation, Plan } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { allowedVerbs, refusal, verbs, type Verb } from '#contract/verbs.ts';
import { event, iso, job, newId, type FakeState } from './fake-seed.ts';

const steps: Readonly<Record<Verb, readonly (readonly [string, string])[]>> = {
  start: [
    ['begin-operation', 'Check and begin'],
    ['claim-epoch', 'Claim the epoch and create the job'],
    ['start-task', 'Start the task'],
    ['await-running', 'Wait until every operator runs'],
    ['finish-operation', 'Record the result'],
  ],
  suspend: [
    ['begin-operation', 'Check and begin'],
    ['take-savepoint', 'Take a savepoint'],
    ['await-savepoint', 'Wait for the savepoint'],
    ['stop-task', 'Stop the task'],
    ['finish-operation', 'Record the result'],
  ],
  savepoint: [
    ['begin-operation', 'Check and begin'],
    ['take-savepoint', 'Take a savepoint'],
    ['await-savepoint', 'Wait for the savepoint'],
    ['finish-operation', 'Record the result'],
  ],
  cancel: [
    ['begin-operation', 'Check and begin'],
    ['cancel-job', 'Cancel the job'],
    ['stop-task', 'Stop the task'],
    ['finish-operation', 'Record the result'],
  ],
};

const endsIn: Readonly<Record<Verb, DeploymentState>> = {
  start: 'running',
  suspend: 'suspended',
  savepoint: 'running',
  cancel: 'cancelled',
};

export interface VerbRequest {
  readonly verb: Verb;
  readonly body: { readonly description?: string; readonly acceptStateLoss?: boolean };
}

/** Throws the `Problem` that the real platform would answer. */
export function plan(state: FakeState, deployment: Deployment, { verb, body }: VerbRequest): Plan {
  const reason = refusal(verb, deployment.status.state);
  if (reason !== undefined) {
    throw new Problem('verb-not-allowed', reason, { allowed: allowedVerbs(deployment.status.state) });
  }
  if (
    verb === 'cancel' &&
    deployment.status.state === 'running' &&
    deployment.spec.protected &&
    body.acceptStateLoss !== true
  ) {
    throw new Problem(
      'state-loss-not-accepted',
      `Cannot cancel deployment "${deployment.name}": it is protected`,
    );
  }
  const losesState = verbs[verb].losesState && deployment.status.state === 'running';
  return {
    kind: verb,
    deployment: deployment.name,
    steps: steps[verb].map(([name, title]) => ({ name, title })),
    restore: verb === 'start' ? newestState(state, deployment) : null,
    losses: losesState
      ? [
          'State since checkpoint 311 of 8 seconds ago is given up: about 386,000 records would be read again.',
        ]
      : [],
    warnings: [],
  };
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
  if (verb === 'suspend' || verb === 'cancel') {
    Object.assign(current ?? {}, { state: 'terminated', endedAt: iso(Date.now()) });
    Object.assign(deployment.spec, { desiredState: endsIn[verb] });
  }
  if (verb === 'start') {
    const next = job(deployment, (deployment.status.jobNumber ?? 0) + 1, Date.now(), null);
    state.jobs.unshift({ ...next, restoredFrom: operation.plan.restore ?? { kind: 'none' } });
    Object.assign(deployment.status, { jobId: next.id, jobNumber: next.number });
    Object.assign(deployment.spec, { desiredState: 'running' });
  }
  setState(deployment, endsIn[verb], null);
  state.events.unshift(
    event(deployment, Date.now(), `Deployment is ${endsIn[verb]}`, {
      operationId: operation.id,
      before: 'transitioning',
      after: endsIn[verb],
    }),
  );
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
