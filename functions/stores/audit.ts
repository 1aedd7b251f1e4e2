/** The audit log in the table: by namespace, and of all namespaces in the order of time. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '#contract/id.ts';
import { AuditRecord } from '#contract/resources/audit-record.ts';
import type { Database } from './database.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, tableShape } from './table.ts';

const BEGIN = '1970-01-01T00:00:00.000Z';
const END = '9999-12-31T23:59:59.999Z';

/** Which records a list shows. */
export interface AuditQuery extends PageRequest {
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  readonly resource?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The audit log. Nothing in it is ever removed but by its time to live. */
export interface AuditStore {
  /** Of one namespace; null: of the whole platform, all namespaces included. */
  list(namespace: string | null, query: AuditQuery): Promise<Page<AuditRecord>>;
  /** Refused where a record of this id is there. */
  begun(record: AuditRecord, keptDays: number): Promise<void>;
  /** Adds the outcome to a record that was begun. */
  ended(record: AuditRecord, keptDays: number): Promise<void>;
}

export function auditStore(database: Database): AuditStore {
  const put = async (record: AuditRecord, keptDays: number, condition: string): Promise<void> => {
    const expiry = Math.ceil(Date.parse(record.at) / 1000) + keptDays * 86_400;
    const command = new PutCommand({
      TableName: database.table,
      Item: {
        ...keys.auditRecord(record.id, record.namespace),
        ...record,
        // As text: a body may hold numbers that no table takes.
        body: JSON.stringify(record.body),
        [tableShape.timeToLive]: expiry,
      },
      ConditionExpression: condition,
      ...(condition.includes('#status') && {
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':null': 'NULL' },
      }),
    });
    await database.client.send(command);
  };
  return {
    list: (namespace, query) => list(database, namespace, query),
    begun: (record, keptDays) => put(record, keptDays, 'attribute_not_exists(pk)'),
    // Once only: a record that has its outcome never changes again.
    ended: (record, keptDays) => put(record, keptDays, 'attribute_type(#status, :null)'),
  };
}

async function list(
  database: Database,
  namespace: string | null,
  query: AuditQuery,
): Promise<Page<AuditRecord>> {
  const { actor, operation, resource, since = BEGIN, until = END } = query;
  if (Date.parse(since) > Date.parse(until)) return { items: [], next: null };
  return readPage(
    database,
    {
      ...(namespace === null
        ? { partition: partitions.wholeAudit, index: true }
        : { partition: partitions.audit(namespace) }),
      // Ids begin with the time, so a span of time is a span of ids.
      between: [firstId(since), lastId(until)],
      filter: JSON.stringify([actor, operation, resource, since, until]),
      parse: (found) => AuditRecord.parse({ ...found, body: JSON.parse(String(found['body'])) }),
      matches: (record) =>
        (actor === undefined || record.actor === actor) &&
        (operation === undefined || record.operation === operation) &&
        (resource === undefined || record.resource.startsWith(resource)),
    },
    query,
  );
}

function firstId(timestamp: string): string {
  return ulid(Math.max(0, Date.parse(timestamp)), new Uint8Array(16));
}

function lastId(timestamp: string): string {
  return ulid(Math.max(0, Date.parse(timestamp)), new Uint8Array(16).fill(31));
}
