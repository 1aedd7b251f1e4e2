import { newSavepoint } from './new-savepoint.ts';
/** A deployment and a savepoint as the tests of decisions need them. */
import { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { allowedVerbs } from '#contract/verbs.ts';

const at = '2026-11-21T12:00:00.000Z';
export const id = (digit: string): string => digit.repeat(26);

export function deploymentIn(
  state: DeploymentState,
  spec: Record<string, unknown> = {},
  operationId: string | null = null,
): Deployment {
  return Deployment.parse({
    id: id('1'),
    name: 'clicks',
    namespace: 'default',
    labels: {},
    annotations: {},
    spec: { application: 'clicks', version: 1, ...spec },
    status: {
      state,
      message: null,
      transitionedAt: at,
      jobId: null,
      jobNumber: null,
      operationId,
      conditions: [],
      allowed: operationId === null ? allowedVerbs(state) : [],
    },
    createdAt: at,
    modifiedAt: at,
    revision: 1,
  });
}

export function savepointAt(
  digit: string,
  completedAt: string | null,
  state: Savepoint['state'] = 'completed',
): Savepoint {
  return {
    ...newSavepoint({
      id: id(digit),
      namespace: 'default',
      deployment: 'clicks',
      deploymentId: id('1'),
      jobId: 'f'.repeat(32),
      jobNumber: 1,
      version: 1,
      origin: 'suspend',
      description: '',
      location: `s3://bucket/${digit}`,
      createdAt: at,
      createdBy: 'user:test',
    }),
    state,
    sizeBytes: 1,
    completedAt,
  };
}
