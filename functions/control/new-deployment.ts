import type { EffectiveSpec } from '#contract/effective-spec.ts';
import type { Deployment, DeploymentInput } from '#contract/resources/deployment.ts';
import { allowedVerbs } from '#contract/verbs.ts';

/** What the platform adds to what a caller says of a new deployment. */
export interface Making extends EffectiveSpec {
  readonly id: string;
  readonly at: string;
  readonly namespace: string;
}

/** A deployment that has never run; whether it starts at once is decided after it. */
export function newDeployment(input: DeploymentInput, made: Making): Deployment {
  return {
    id: made.id,
    name: input.name,
    namespace: made.namespace,
    labels: input.labels,
    annotations: input.annotations,
    spec: { ...made.spec, desiredState: 'cancelled' },
    stated: { ...input.spec, desiredState: 'cancelled' },
    origins: made.origins,
    specRevision: 1,
    parent: null,
    expiresAt: null,
    deletion: null,
    status: {
      state: 'cancelled',
      message: null,
      transitionedAt: made.at,
      jobId: null,
      jobNumber: null,
      operationId: null,
      queue: [],
      conditions: [],
      allowed: allowedVerbs('cancelled'),
    },
    createdAt: made.at,
    modifiedAt: made.at,
    revision: 1,
  };
}
