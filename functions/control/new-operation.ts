import type { Deployment, RestoreStrategy } from '#contract/resources/deployment.ts';
import type { DeploymentState, DesiredState } from '#contract/resources/deployment-state.ts';
import type { Operation, OperationKind, Plan } from '#contract/resources/operation.ts';
import { workflows } from '#contract/workflows.ts';
import type { GateSeen } from './judge-gate.ts';
import type { Replacement } from './new-replacement.ts';

/** What an accepted verb needs to become an operation. */
export interface Acceptance {
  readonly operationId: string;
  readonly at: string;
  readonly actor: string;
  readonly plan: Plan;
  readonly restoreStrategy?: RestoreStrategy | undefined;
  readonly description?: string | undefined;
  readonly savepointDirectory?: string | undefined;
  readonly drain?: boolean | undefined;
  readonly parallelism?: number | undefined;
  readonly deletion?: Deletion | undefined;
  readonly startAt?: string | undefined;
  readonly schedule?: string | undefined;
  readonly replacement?: Replacement | undefined;
}

/** What a delete takes away, and whether for good. */
export interface Deletion {
  readonly savepoints: 'keep' | 'delete';
  readonly purge: boolean;
}

/** An operation with what its caller asked for. */
export type AcceptedOperation = Operation & {
  readonly request: {
    readonly restoreStrategy: RestoreStrategy | null;
    readonly description: string;
    readonly savepointDirectory: string | null;
    readonly drain: boolean;
    readonly parallelism: number | null;
    readonly deletion: Deletion | null;
    readonly startAt: string | null;
    readonly schedule: string | null;
  };
  /** What the deployment was before. */
  readonly before: { readonly state: DeploymentState; readonly desiredState: DesiredState };
  /** Of a queued one: the verb as it arrived. */
  readonly waiting: Record<string, unknown> | null;
  /** Of one that puts a new job in the place of another. */
  readonly replacement: Replacement | null;
  /** What its gate has seen so far. */
  readonly gateSeen: GateSeen | null;
};

const desiredStates: Readonly<Record<OperationKind, DesiredState>> = {
  start: 'running',
  suspend: 'suspended',
  cancel: 'cancelled',
  drain: 'running',
  savepoint: 'running',
  upgrade: 'running',
  rollback: 'running',
  restart: 'running',
  reset: 'running',
  rescale: 'running',
  migrate: 'running',
  fork: 'running',
  delete: 'cancelled',
  recover: 'running',
};

/** The operation that a deployment gets for an accepted plan; every step of it is still pending. */
export function newOperation(deployment: Deployment, acceptance: Acceptance): AcceptedOperation {
  const { plan, at } = acceptance;
  return {
    id: acceptance.operationId,
    namespace: deployment.namespace,
    deployment: deployment.name,
    deploymentId: deployment.id,
    kind: plan.kind,
    state: 'pending',
    actor: acceptance.actor,
    plan,
    // A verb that waited may find at its turn that nothing is to be done; its workflow runs all the same.
    steps: workflows[plan.kind].map(({ step, title }) => ({
      name: step,
      title,
      state: 'pending',
      attempts: 0,
      startedAt: null,
      endedAt: null,
      message: null,
    })),
    jobId: plan.kind === 'start' ? null : deployment.status.jobId,
    savepointId: null,
    problem: null,
    followedBy: null,
    cancelRequestedAt: null,
    pauseMs: null,
    createdAt: at,
    startedAt: null,
    endedAt: null,
    revision: 1,
    request: {
      restoreStrategy: acceptance.restoreStrategy ?? null,
      description: acceptance.description ?? '',
      savepointDirectory: acceptance.savepointDirectory ?? null,
      drain: acceptance.drain ?? false,
      parallelism: acceptance.parallelism ?? null,
      deletion: acceptance.deletion ?? null,
      startAt: acceptance.startAt ?? null,
      schedule: acceptance.schedule ?? null,
    },
    before: { state: deployment.status.state, desiredState: deployment.spec.desiredState },
    waiting: null,
    replacement: acceptance.replacement ?? null,
    gateSeen: null,
  };
}

/**
 * The deployment while an operation is under way.
 *
 * A savepoint leaves it running: the stream flows on. Everything else is a transition.
 */
export function withOperation(deployment: Deployment, operation: Operation): Deployment {
  const isTransition = operation.kind !== 'savepoint' && operation.kind !== 'rescale';
  return {
    ...deployment,
    spec: { ...deployment.spec, desiredState: desiredStates[operation.kind] },
    status: {
      ...deployment.status,
      operationId: operation.id,
      queue: deployment.status.queue.filter((id) => id !== operation.id),
      allowed: [],
      ...(isTransition ? { state: 'transitioning', transitionedAt: operation.createdAt, message: null } : {}),
    },
    modifiedAt: operation.createdAt,
    revision: deployment.revision + 1,
  };
}
