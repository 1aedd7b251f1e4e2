/** Rows of the route table about webhooks. */
import * as z from 'zod';
import { Name } from '../resources/metadata.ts';
import { Webhook, WebhookDelivery, WebhookInput, WebhookPatch } from '../resources/webhook.ts';
import { pageOf, Paging } from './page.ts';
import { inNamespace, namespace } from './paths.ts';
import type { Route } from './route.ts';

const tag = 'Webhooks';
const webhooks = `${inNamespace}/webhooks` as const;
const ofWebhook = `${webhooks}/{webhook}` as const;
const params = z.object({ ...namespace, webhook: Name });

export const webhookRoutes = {
  listWebhooks: {
    method: 'GET',
    path: webhooks,
    summary: 'List the webhooks of a namespace',
    tag,
    params: z.object(namespace),
    query: Paging,
    success: { status: 200, body: pageOf('WebhookPage', Webhook) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'webhooks:read',
  },
  createWebhook: {
    method: 'POST',
    path: webhooks,
    summary: 'Send the events of a namespace to an address from now on',
    tag,
    params: z.object(namespace),
    body: WebhookInput,
    success: { status: 201, body: Webhook },
    problems: ['not-found', 'already-exists'],
    permission: 'webhooks:write',
  },
  getWebhook: {
    method: 'GET',
    path: ofWebhook,
    summary: 'Get a webhook, with how its deliveries went lately',
    tag,
    params,
    success: { status: 200, body: Webhook },
    problems: ['not-found'],
    permission: 'webhooks:read',
  },
  updateWebhook: {
    method: 'PATCH',
    path: ofWebhook,
    summary: 'Change a webhook; enabling a disabled one goes on with what happens from then on',
    tag,
    params,
    body: WebhookPatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: Webhook },
    problems: ['not-found', 'precondition-required', 'revision-changed'],
    ifMatch: true,
    permission: 'webhooks:write',
  },
  deleteWebhook: {
    method: 'DELETE',
    path: ofWebhook,
    summary: 'Delete a webhook; what was not delivered yet never will be',
    tag,
    params,
    success: { status: 200, body: Webhook },
    problems: ['not-found', 'revision-changed'],
    permission: 'webhooks:delete',
  },
  testWebhook: {
    method: 'POST',
    path: `${ofWebhook}/test`,
    summary: 'Send a made-up event now and answer what became of it',
    tag,
    params,
    success: { status: 200, body: WebhookDelivery },
    problems: ['not-found'],
    permission: 'webhooks:write',
  },
  listWebhookDeliveries: {
    method: 'GET',
    path: `${ofWebhook}/deliveries`,
    summary: 'List the tries of the last week to deliver events to a webhook',
    tag,
    params,
    query: Paging,
    success: { status: 200, body: pageOf('WebhookDeliveryPage', WebhookDelivery) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'webhooks:read',
  },
} as const satisfies Record<string, Route>;
