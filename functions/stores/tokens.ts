/** API tokens in the table: never a secret, only its SHA-256. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ApiToken } from '#contract/resources/api-token.ts';
import { Revision, Sha256 } from '#contract/resources/metadata.ts';
import type { Database, Item, Write } from './database.ts';
import { created, readItem, removed, replaced } from './database.ts';
import { readAll, readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, tableShape } from './table.ts';

/** A token with what tells its secrets from others. */
export const StoredToken = z.object({
  token: ApiToken,
  sha256: Sha256,
  /** Of the secret before the last rotation; it counts until `token.previousUntil`. */
  previousSha256: Sha256.nullable(),
  revision: Revision,
});
export type StoredToken = z.infer<typeof StoredToken>;

/** Tokens by id and by the place where they hold. */
export interface TokenStore {
  get(id: string): Promise<StoredToken | undefined>;
  /** Those of a namespace, or with null those for the whole platform. */
  list(namespace: string | null, request: PageRequest): Promise<Page<ApiToken>>;
  all(namespace: string | null): Promise<ApiToken[]>;
  created(stored: StoredToken): Write;
  /** `stored` carries its new revision. */
  replaced(stored: StoredToken): Write;
  removed(id: string): Write;
  /** Notes a use, unless one was noted since `before`; a token that is gone stays gone. */
  used(id: string, at: string, before: string): Promise<void>;
}

// One that is revoked or has expired can still be looked up for a while.
const KEPT_SECONDS = 30 * 86_400;

export function tokenStore(database: Database): TokenStore {
  const item = (stored: StoredToken) => {
    const { token, ...rest } = stored;
    const { lastUsedAt, ...fields } = token;
    return {
      ...keys.token(token.id, token.namespace),
      ...rest,
      token: fields,
      lastUsedAt,
      [tableShape.timeToLive]: secondsOf(token.revokedAt ?? token.expiresAt) + KEPT_SECONDS,
    };
  };
  const inPlace = (namespace: string | null) => ({
    partition: partitions.tokens(namespace),
    index: true,
    parse: (found: Item) => parse(found).token,
  });
  return {
    async get(id) {
      const found = await readItem(database, keys.token(id));
      return found === undefined ? undefined : parse(found);
    },
    list: (namespace, request) => readPage(database, inPlace(namespace), request),
    all: (namespace) => readAll(database, inPlace(namespace)),
    created: (stored) => created(database, 'token', item(stored)),
    replaced: (stored) => replaced(database, 'token', item(stored), stored.revision - 1),
    removed: (id) => removed(database, 'token', keys.token(id)),
    used: (id, at, before) => noteUse(database, { id, at, before }),
  };
}

/** The last use is an attribute of its own, so that noting it never meets a rotation. */
function parse(found: Item): StoredToken {
  const token: unknown = found['token'];
  return StoredToken.parse({
    ...found,
    token: { ...(typeof token === 'object' ? token : {}), lastUsedAt: found['lastUsedAt'] ?? null },
  });
}

async function noteUse(
  database: Database,
  { id, at, before }: { id: string; at: string; before: string },
): Promise<void> {
  const { pk, sk } = keys.token(id);
  const update = new UpdateCommand({
    TableName: database.table,
    Key: { pk, sk },
    UpdateExpression: 'SET lastUsedAt = :at',
    ConditionExpression:
      'attribute_exists(pk) AND (attribute_type(lastUsedAt, :null) OR lastUsedAt < :before)',
    ExpressionAttributeValues: { ':at': at, ':before': before, ':null': 'NULL' },
  });
  try {
    await database.client.send(update);
  } catch (error) {
    // Another function was faster.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

function secondsOf(timestamp: string): number {
  return Math.ceil(Date.parse(timestamp) / 1000);
}
