/** Addresses that are told of events as they happen, so that nobody has to ask again and again. */
import * as z from 'zod';
import { EventName } from '../event-names.ts';
import { sensitive } from '../sensitive.ts';
import { Actor, Name, Revision, Timestamp, Ulid } from './metadata.ts';

/** Where events are sent. Only `https` on AWS; a platform on a laptop also speaks `http`. */
const Address = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((url) => (URL.parse(url)?.username ?? '') === '', 'must hold no user name and no password');

const fields = {
  url: Address,
  /** None: events of every name. */
  events: z.array(EventName).max(EventName.options.length).default([]),
  /** None: of every deployment. */
  deployments: z.array(Name).max(100).default([]),
  /** `team:payments`; all must match the labels that a deployment has when the event is sent. */
  labels: z.array(z.string().max(128)).max(10).default([]),
  description: z.string().max(500).default(''),
  /** A webhook that is not is kept, and told nothing. What happens meanwhile is not sent later. */
  enabled: z.boolean().default(true),
} as const;

/** 16 characters at least: what signs each delivery. It is set once, and never shown. */
const Secret = sensitive(z.string().min(16).max(256));

/** How deliveries went lately. */
export const WebhookStatus = z
  .object({
    /** `failing`: the last delivery did, and is tried again. `disabled`: after a day of failures. */
    state: z.enum(['idle', 'delivering', 'failing', 'disabled']),
    lastDeliveredAt: Timestamp.nullable(),
    lastFailedAt: Timestamp.nullable(),
    /** A sentence, such as the status that the receiver answered. */
    lastError: z.string().nullable(),
  })
  .meta({ id: 'WebhookStatus' });
export type WebhookStatus = z.infer<typeof WebhookStatus>;

/** One address of a namespace with what it wants to know. */
export const Webhook = z
  .object({
    id: Ulid,
    name: Name,
    namespace: Name,
    ...fields,
    status: WebhookStatus,
    createdAt: Timestamp,
    createdBy: Actor,
    modifiedAt: Timestamp,
    revision: Revision,
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookInput = z
  .strictObject({ name: Name, secret: Secret, ...fields })
  .meta({ id: 'WebhookInput' });
export type WebhookInput = z.infer<typeof WebhookInput>;

/** Absent members stay as they are; another secret takes the place of the old one at once. */
export const WebhookPatch = z
  .strictObject({
    url: fields.url.optional(),
    events: fields.events.unwrap().optional(),
    deployments: fields.deployments.unwrap().optional(),
    labels: fields.labels.unwrap().optional(),
    description: fields.description.unwrap().optional(),
    enabled: z.boolean().optional(),
    secret: Secret.optional(),
  })
  .meta({ id: 'WebhookPatch' });
export type WebhookPatch = z.infer<typeof WebhookPatch>;

/** One try to deliver one event. */
export const WebhookDelivery = z
  .object({
    id: Ulid,
    at: Timestamp,
    /** Null for a test. */
    eventId: Ulid.nullable(),
    eventName: z.string(),
    deployment: z.string(),
    /** Counts the tries of this event from 1. */
    attempt: z.int().min(1),
    /** What the receiver answered; null when nobody did. */
    responseStatus: z.int().nullable(),
    succeeded: z.boolean(),
    error: z.string().nullable(),
    durationMs: z.int(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** Header of every delivery: `t=<seconds>,v1=<hex of HMAC-SHA256 over "<seconds>.<body>">`. */
export const SIGNATURE_HEADER = 'headwater-signature';
/** Header with the id of the delivered event: the same one in every try. */
export const EVENT_ID_HEADER = 'headwater-event-id';
