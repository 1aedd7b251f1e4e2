/** Rows of the route table about secrets; no answer has the value of one. */
import * as z from 'zod';
import { Name } from '../resources/metadata.ts';
import { SecretValue, SecretValueInput } from '../resources/secret-value.ts';
import { pageOf, Paging } from './page.ts';
import { inNamespace, namespace } from './paths.ts';
import type { Route } from './route.ts';

const params = z.object({ ...namespace, secret: Name });
const ofSecret = `${inNamespace}/secrets/{secret}` as const;
const tag = 'Secrets';

export const secretRoutes = {
  listSecrets: {
    method: 'GET',
    path: `${inNamespace}/secrets`,
    summary: 'List secrets with the deployments that use them, without their values',
    tag,
    params: z.object(namespace),
    query: Paging,
    success: { status: 200, body: pageOf('SecretValuePage', SecretValue) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'secrets:read',
  },
  getSecret: {
    method: 'GET',
    path: ofSecret,
    summary: 'Get all of a secret but its value',
    tag,
    params,
    success: { status: 200, body: SecretValue },
    problems: ['not-found'],
    permission: 'secrets:read',
  },
  setSecret: {
    method: 'PUT',
    path: ofSecret,
    summary: 'Create a secret or rotate it; jobs have the new value from their next start on',
    tag,
    params,
    body: SecretValueInput,
    success: { status: 200, body: SecretValue },
    problems: ['not-found', 'revision-changed'],
    permission: 'secrets:write',
  },
  deleteSecret: {
    method: 'DELETE',
    path: ofSecret,
    summary: 'Delete a secret that no deployment uses',
    tag,
    params,
    success: { status: 200, body: SecretValue },
    problems: ['not-found', 'in-use'],
    permission: 'secrets:delete',
  },
} as const satisfies Record<string, Route>;
