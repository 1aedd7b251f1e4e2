/** Rows of the route table about deployment targets. */
import * as z from 'zod';
import { InheritancePreview } from '../resources/deployment-defaults.ts';
import {
  DeploymentTarget,
  DeploymentTargetInput,
  DeploymentTargetPatch,
} from '../resources/deployment-target.ts';
import { Name } from '../resources/metadata.ts';
import { DryRun, pageOf, Paging } from './page.ts';
import type { Route } from './route.ts';

const params = z.object({ target: Name });
const ofTarget = '/targets/{target}';
const changed = z.union([DeploymentTarget, InheritancePreview]);
const tag = 'Targets';

export const targetRoutes = {
  listTargets: {
    method: 'GET',
    path: '/targets',
    summary: 'List deployment targets',
    tag,
    query: Paging,
    success: { status: 200, body: pageOf('DeploymentTargetPage', DeploymentTarget) },
    problems: ['invalid-cursor'],
    permission: 'targets:read',
    narrowed: true,
  },
  createTarget: {
    method: 'POST',
    path: '/targets',
    summary: 'Create a deployment target',
    tag,
    body: DeploymentTargetInput,
    success: { status: 201, body: DeploymentTarget },
    problems: ['already-exists'],
    permission: 'targets:write',
  },
  getTarget: {
    method: 'GET',
    path: ofTarget,
    summary: 'Get a deployment target',
    tag,
    params,
    success: { status: 200, body: DeploymentTarget },
    problems: ['not-found'],
    permission: 'targets:read',
    narrowed: true,
  },
  replaceTarget: {
    method: 'PUT',
    path: ofTarget,
    summary: 'Replace a deployment target; a dry run names the deployments that it would change',
    tag,
    params,
    query: DryRun,
    body: DeploymentTargetInput,
    success: { status: 200, body: changed },
    problems: ['not-found', 'deployments-invalid'],
    ifMatch: true,
    permission: 'targets:write',
  },
  updateTarget: {
    method: 'PATCH',
    path: ofTarget,
    summary: 'Change part of a deployment target by merge patch',
    tag,
    params,
    query: DryRun,
    body: DeploymentTargetPatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: changed },
    problems: ['not-found', 'deployments-invalid'],
    ifMatch: true,
    permission: 'targets:write',
  },
  deleteTarget: {
    method: 'DELETE',
    path: ofTarget,
    summary: 'Delete a deployment target that no deployment names',
    tag,
    params,
    success: { status: 200, body: DeploymentTarget },
    problems: ['not-found', 'in-use'],
    permission: 'targets:delete',
  },
} as const satisfies Record<string, Route>;
