import type { Deployment, DeploymentInput } from '#contract/resources/deployment.ts';
import { allowedVerbs } from '#contract/verbs.ts';

/** A deployment that has never run; whether it starts at once is decided after it. */
export function newDeployment(
  input: DeploymentInput,
  made: { readonly id: string; readonly at: string; readonly namespace: string },
): Deployment {
  return {
    id: made.id,
    name: input.name,
    namespace: made.namespace,
    labels: input.labels,
    annotations: input.annotations,
    spec: { ...input.spec, desiredState: 'cancelled' },
    stated: {},
    origins: {},
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
