/** Rows of the route table about deployments: their spec and what is seen of them. */
import * as z from 'zod';
import { ConditionType, Deployment, DeploymentInput, DeploymentPatch } from '../resources/deployment.ts';
import { DeploymentState } from '../resources/deployment-state.ts';
import { Name } from '../resources/metadata.ts';
import { Operation, Plan } from '../resources/operation.ts';
import { DeleteInput, OnBusy } from '../resources/verb-input.ts';
import { AcceptStateLoss, DryRun, LabelFilter, pageOf, Paging, Reason } from './page.ts';
import { deployment, inNamespace, namespace, ofDeployment } from './paths.ts';
import type { Route } from './route.ts';

export const deploymentRoutes = {
  listDeployments: {
    method: 'GET',
    path: `${inNamespace}/deployments`,
    summary: 'List deployments',
    tag: 'Deployments',
    params: z.object(namespace),
    query: Paging.extend(LabelFilter.shape).extend({
      application: Name.optional(),
      state: DeploymentState.optional(),
      /** Only those with a condition of this type. */
      condition: ConditionType.optional(),
      /** Those whose deletion can still be undone, instead of all others. */
      deleted: z.enum(['true', 'false']).default('false'),
    }),
    success: { status: 200, body: pageOf('DeploymentPage', Deployment) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'deployments:read',
    narrowed: true,
  },
  createDeployment: {
    method: 'POST',
    path: `${inNamespace}/deployments`,
    summary: 'Create a deployment; it starts at once when its desired state is running',
    tag: 'Deployments',
    params: z.object(namespace),
    query: Reason,
    body: DeploymentInput,
    success: { status: 201, body: Deployment },
    problems: ['not-found', 'already-exists', 'quota-exceeded', 'secret-missing'],
    permission: 'deployments:write',
  },
  getDeployment: {
    method: 'GET',
    path: ofDeployment,
    summary: 'Get a deployment',
    tag: 'Deployments',
    params: z.object(deployment),
    success: { status: 200, body: Deployment },
    problems: ['not-found'],
    permission: 'deployments:read',
  },
  replaceDeployment: {
    method: 'PUT',
    path: ofDeployment,
    summary:
      'Replace what the deployment states; a changed desired state begins the operation that reaches it',
    tag: 'Deployments',
    params: z.object(deployment),
    query: Reason.extend(AcceptStateLoss.shape),
    body: DeploymentInput,
    success: { status: 200, body: Deployment },
    problems: [
      'not-found',
      'precondition-required',
      'revision-changed',
      'verb-not-allowed',
      'operation-in-progress',
      'state-incompatible',
      'no-state-to-restore',
      'state-loss-not-accepted',
      'quota-exceeded',
      'secret-missing',
    ],
    ifMatch: true,
    permission: 'deployments:write',
  },
  updateDeployment: {
    method: 'PATCH',
    path: ofDeployment,
    summary: 'Change part of a deployment by merge patch',
    tag: 'Deployments',
    params: z.object(deployment),
    query: Reason.extend(AcceptStateLoss.shape),
    body: DeploymentPatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: Deployment },
    problems: [
      'not-found',
      'precondition-required',
      'revision-changed',
      'verb-not-allowed',
      'operation-in-progress',
      'state-incompatible',
      'no-state-to-restore',
      'state-loss-not-accepted',
      'quota-exceeded',
      'secret-missing',
    ],
    ifMatch: true,
    permission: 'deployments:write',
  },
  deleteDeployment: {
    method: 'DELETE',
    path: ofDeployment,
    summary: 'Move a deployment without a job to the trash, from which it can be brought back for a while',
    tag: 'Deployments',
    params: z.object(deployment),
    query: DeleteInput.extend(DryRun.shape).extend(OnBusy.shape),
    success: { status: 202, alsoStatus: 200, body: z.union([Operation, Plan]) },
    problems: [
      'not-found',
      'verb-not-allowed',
      'operation-in-progress',
      'state-loss-not-accepted',
      'savepoint-held',
      'idempotency-key-reused',
    ],
    idempotent: true,
    permission: 'deployments:delete',
  },
  undeleteDeployment: {
    method: 'POST',
    path: `${ofDeployment}/undelete`,
    summary: 'Bring a deleted deployment back, with its history and its savepoints',
    tag: 'Deployments',
    params: z.object(deployment),
    success: { status: 200, body: Deployment },
    problems: ['not-found', 'revision-changed'],
    permission: 'deployments:delete',
  },
} as const satisfies Record<string, Route>;
