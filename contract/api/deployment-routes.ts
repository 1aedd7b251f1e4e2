/** Rows of the route table about deployments: their spec and what is seen of them. */
import * as z from 'zod';
import { Deployment, DeploymentInput, DeploymentPatch } from '../resources/deployment.ts';
import { DeploymentState } from '../resources/deployment-state.ts';
import { Name } from '../resources/metadata.ts';
import { LabelFilter, pageOf, Paging } from './page.ts';
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
    }),
    success: { status: 200, body: pageOf('DeploymentPage', Deployment) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'deployments:read',
  },
  createDeployment: {
    method: 'POST',
    path: `${inNamespace}/deployments`,
    summary: 'Create a deployment; it starts at once when its desired state is running',
    tag: 'Deployments',
    params: z.object(namespace),
    body: DeploymentInput,
    success: { status: 201, body: Deployment },
    problems: ['not-found', 'already-exists'],
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
    summary: 'Replace the spec; a changed desired state begins the operation that reaches it',
    tag: 'Deployments',
    params: z.object(deployment),
    body: DeploymentInput,
    success: { status: 200, body: Deployment },
    problems: [
      'not-found',
      'precondition-required',
      'revision-changed',
      'verb-not-allowed',
      'operation-in-progress',
      'state-loss-not-accepted',
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
    body: DeploymentPatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: Deployment },
    problems: [
      'not-found',
      'precondition-required',
      'revision-changed',
      'verb-not-allowed',
      'operation-in-progress',
      'state-loss-not-accepted',
    ],
    ifMatch: true,
    permission: 'deployments:write',
  },
} as const satisfies Record<string, Route>;
