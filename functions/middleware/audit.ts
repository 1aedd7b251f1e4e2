/** The audit log of the API: what is asked is written down before it is begun, and its outcome after it. */
import type { Route } from '#contract/api/route.ts';
import { routes } from '#contract/api/routes.ts';
import type { OperationId } from '#contract/api/routes.ts';
import { Problem } from '#contract/problems.ts';
import type { AuditRecord } from '#contract/resources/audit-record.ts';
import { Name, Ulid } from '#contract/resources/metadata.ts';
import { withoutSecrets } from '#contract/sensitive.ts';
import { draftOf } from './call.ts';
import type { AnyCall, ApiEvent, Handler, Reply } from './call.ts';
import { optionalSetting } from './environment.ts';
import { errorFields, logger } from './logging.ts';
import { platform } from './platform.ts';

const DEFAULT_DAYS = 400;
const BODY_CHARACTERS_MAX = 16_384;

/** Runs the handler of a mutation between its two entries. Nothing is begun that could not be written down. */
export async function runAudited(
  event: ApiEvent,
  handler: Handler,
  call: AnyCall,
): Promise<Reply<OperationId>> {
  // A plan changes nothing.
  if (fieldOf(call.query, 'dryRun') === true) return handler.run(call);
  const { stores } = call.platform;
  const record = await recordOf(event, handler.id, call);
  await stores.audit.begun(record, keptDays());
  try {
    const reply = await handler.run(call);
    await writeOutcome({ ...record, ...outcomeOf(handler.id, reply) });
    return reply;
  } catch (error) {
    const problem =
      error instanceof Problem ? error : new Problem('internal', 'Cannot answer', { cause: error });
    await writeOutcome({ ...record, status: problem.status, problem: problem.code });
    throw error;
  }
}

/** Writes down that a mutation was refused for want of a permission, before anything of it was read. */
export async function auditRefusal(event: ApiEvent, id: OperationId, actor: string): Promise<void> {
  const { stores, now, newId } = platform();
  const record: AuditRecord = {
    ...blank,
    id: newId(),
    at: now().toISOString(),
    actor,
    requestId: draftOf(event).requestId ?? '',
    operation: id,
    // Nobody has looked at the address yet: what can name no namespace would be no key of the table either.
    namespace: Name.safeParse(fieldOf(event.pathParameters, 'namespace')).data ?? null,
    resource: resourceOf(routes[id], event.pathParameters ?? {}, undefined),
    status: 403,
    problem: 'forbidden',
    sourceIp: event.requestContext.http.sourceIp ?? null,
  };
  await stores.audit.begun(record, keptDays());
}

const blank = {
  status: null,
  problem: null,
  operationId: null,
  before: null,
  after: null,
  body: null,
} as const;

async function recordOf(event: ApiEvent, id: OperationId, call: AnyCall): Promise<AuditRecord> {
  const { now, newId } = call.platform;
  const params: unknown = call.params;
  return {
    ...blank,
    id: newId(),
    at: now().toISOString(),
    actor: call.access.actor,
    requestId: draftOf(event).requestId ?? '',
    operation: id,
    namespace: await namespaceOf(call),
    resource: resourceOf(routes[id], typeof params === 'object' ? (params ?? {}) : {}, call.body),
    // A number beyond all revisions is refused later; the table has no room for it.
    before: Number.isSafeInteger(call.ifMatch) ? (call.ifMatch ?? null) : null,
    body: keptBody(routes[id], call.body),
    sourceIp: event.requestContext.http.sourceIp ?? null,
  };
}

/** Where it counts: a token lies in no path below its namespace. */
async function namespaceOf({ params, query, body, platform: { stores } }: AnyCall): Promise<string | null> {
  const token = nameIn(params, 'token');
  if (token !== undefined) return (await stores.tokens.get(token))?.token.namespace ?? null;
  return nameIn(params, 'namespace') ?? nameIn(query, 'namespace') ?? nameIn(body, 'namespace') ?? null;
}

/** The path below its namespace, up to the last name in it; for what is created, with the name in the body. */
function resourceOf({ path }: Route, params: object, body: unknown): string {
  const below = path.replace(/^\/namespaces\/\{namespace\}\//, '/').slice(1);
  const named = /^.*\{\w+\+?\}/.exec(below)?.[0];
  if (named !== undefined) {
    return named.replaceAll(/\{(\w+)\+?\}/g, (_, name: string) => String(fieldOf(params, name) ?? ''));
  }
  const name = nameIn(body, 'name');
  return name === undefined ? below : `${below}/${name}`;
}

function outcomeOf(id: OperationId, { status, revision, body }: Reply<OperationId>): Partial<AuditRecord> {
  const answer: unknown = body;
  const kind = fieldOf(answer, 'kind');
  const begun =
    kind === undefined ? fieldOf(fieldOf(answer, 'status'), 'operationId') : fieldOf(answer, 'id');
  const operationId = Ulid.safeParse(begun);
  return {
    status: status ?? routes[id].success.status,
    operationId: operationId.success ? operationId.data : null,
    after: kind === undefined ? (revision ?? null) : null,
  };
}

/** The mutation is done, so its caller learns of it even where this cannot be written. */
async function writeOutcome(record: AuditRecord): Promise<void> {
  try {
    await platform().stores.audit.ended(record, keptDays());
  } catch (error) {
    logger.error('The outcome of a mutation was not audited', {
      auditRecordId: record.id,
      runbook: 'audit-outcome-missing',
      ...errorFields(error),
    });
  }
}

function keptBody(route: Route, body: unknown): unknown {
  if (route.body === undefined || body === undefined) return null;
  const bare = withoutSecrets(route.body, body);
  const length = JSON.stringify(bare)?.length ?? 0;
  return length <= BODY_CHARACTERS_MAX ? bare : `(${length} characters, not kept)`;
}

function keptDays(): number {
  return Number(optionalSetting('auditDays') ?? DEFAULT_DAYS);
}

function nameIn(value: unknown, name: string): string | undefined {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
