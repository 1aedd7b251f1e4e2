/** Rows of the route table about namespaces. */
import * as z from 'zod';
import { Namespace, NamespaceInput, NamespacePatch } from '../resources/namespace.ts';
import { pageOf, Paging } from './page.ts';
import { inNamespace, namespace } from './paths.ts';
import type { Route } from './route.ts';

export const namespaceRoutes = {
  listNamespaces: {
    method: 'GET',
    path: '/namespaces',
    summary: 'List namespaces',
    tag: 'Namespaces',
    query: Paging,
    success: { status: 200, body: pageOf('NamespacePage', Namespace) },
    problems: ['invalid-cursor'],
    permission: 'namespaces:read',
    narrowed: true,
  },
  createNamespace: {
    method: 'POST',
    path: '/namespaces',
    summary: 'Create a namespace',
    tag: 'Namespaces',
    body: NamespaceInput,
    success: { status: 201, body: Namespace },
    problems: ['already-exists'],
    permission: 'namespaces:create',
  },
  getNamespace: {
    method: 'GET',
    path: inNamespace,
    summary: 'Get a namespace',
    tag: 'Namespaces',
    params: z.object(namespace),
    success: { status: 200, body: Namespace },
    problems: ['not-found'],
    permission: 'namespaces:read',
    narrowed: true,
  },
  updateNamespace: {
    method: 'PATCH',
    path: inNamespace,
    summary: 'Change a namespace',
    tag: 'Namespaces',
    params: z.object(namespace),
    body: NamespacePatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: Namespace },
    problems: ['not-found', 'precondition-required', 'revision-changed'],
    ifMatch: true,
    permission: 'namespaces:write',
  },
  deleteNamespace: {
    method: 'DELETE',
    path: inNamespace,
    summary: 'Delete an empty namespace, with the tokens and role bindings that hold in it',
    tag: 'Namespaces',
    params: z.object(namespace),
    success: { status: 200, body: Namespace },
    problems: ['not-found', 'not-empty'],
    permission: 'namespaces:delete',
  },
} as const satisfies Record<string, Route>;
