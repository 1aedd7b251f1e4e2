/** Rows of the route table about settings that deployments inherit, of the platform and of namespaces. */
import * as z from 'zod';
import {
  DefaultsRevision,
  DeploymentDefaults,
  DeploymentDefaultsInput,
  DeploymentDefaultsPatch,
  InheritancePreview,
} from '../resources/deployment-defaults.ts';
import { DryRun, pageOf, Paging, Reason } from './page.ts';
import { inNamespace, namespace } from './paths.ts';
import type { Route } from './route.ts';

const global = '/deployment-defaults';
const ofNamespace = `${inNamespace}/deployment-defaults` as const;
const query = Reason.extend(DryRun.shape);
const changed = z.union([DeploymentDefaults, InheritancePreview]);
const revisions = pageOf('DefaultsRevisionPage', DefaultsRevision);
const tag = 'Defaults';

export const defaultsRoutes = {
  getGlobalDefaults: {
    method: 'GET',
    path: global,
    summary: 'Get what all deployments of the platform inherit',
    tag,
    success: { status: 200, body: DeploymentDefaults },
    problems: [],
    permission: 'defaults:read',
    narrowed: true,
  },
  replaceGlobalDefaults: {
    method: 'PUT',
    path: global,
    summary: 'Replace what all deployments inherit; a dry run names those that it would change',
    tag,
    query,
    body: DeploymentDefaultsInput,
    success: { status: 200, body: changed },
    problems: ['deployments-invalid'],
    ifMatch: true,
    permission: 'defaults:write',
  },
  updateGlobalDefaults: {
    method: 'PATCH',
    path: global,
    summary: 'Change part of what all deployments inherit',
    tag,
    query,
    body: DeploymentDefaultsPatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: changed },
    problems: ['deployments-invalid'],
    ifMatch: true,
    permission: 'defaults:write',
  },
  listGlobalDefaultsRevisions: {
    method: 'GET',
    path: `${global}/revisions`,
    summary: 'List the revisions of what all deployments inherit',
    tag,
    query: Paging,
    success: { status: 200, body: revisions },
    problems: ['invalid-cursor'],
    permission: 'defaults:read',
    narrowed: true,
  },
  getNamespaceDefaults: {
    method: 'GET',
    path: ofNamespace,
    summary: 'Get what the deployments of a namespace inherit',
    tag,
    params: z.object(namespace),
    success: { status: 200, body: DeploymentDefaults },
    problems: ['not-found'],
    permission: 'defaults:read',
  },
  replaceNamespaceDefaults: {
    method: 'PUT',
    path: ofNamespace,
    summary:
      'Replace what the deployments of a namespace inherit; a dry run names those that it would change',
    tag,
    params: z.object(namespace),
    query,
    body: DeploymentDefaultsInput,
    success: { status: 200, body: changed },
    problems: ['not-found', 'deployments-invalid'],
    ifMatch: true,
    permission: 'defaults:write',
  },
  updateNamespaceDefaults: {
    method: 'PATCH',
    path: ofNamespace,
    summary: 'Change part of what the deployments of a namespace inherit',
    tag,
    params: z.object(namespace),
    query,
    body: DeploymentDefaultsPatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: changed },
    problems: ['not-found', 'deployments-invalid'],
    ifMatch: true,
    permission: 'defaults:write',
  },
  listNamespaceDefaultsRevisions: {
    method: 'GET',
    path: `${ofNamespace}/revisions`,
    summary: 'List the revisions of what the deployments of a namespace inherit',
    tag,
    params: z.object(namespace),
    query: Paging,
    success: { status: 200, body: revisions },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'defaults:read',
  },
} as const satisfies Record<string, Route>;
