/** Which operation an idempotency key has begun, remembered for a day. */
import * as z from 'zod';
import { Ulid } from '#contract/resources/metadata.ts';
import type { Database, Write } from './database.ts';
import { created, readItem } from './database.ts';
import { keys } from './table.ts';

/** A key that was used for one request. */
export const IdempotencyRecord = z.object({
  deploymentId: Ulid,
  key: z.string(),
  /** Of the request in canonical form: the same key with another request is refused. */
  requestHash: z.string(),
  operationId: Ulid,
  /** Seconds since the epoch, as the table's time to live wants them. */
  expiresAt: z.int(),
});
export type IdempotencyRecord = z.infer<typeof IdempotencyRecord>;

/** Idempotency keys by deployment. */
export interface IdempotencyStore {
  get(deploymentId: string, key: string): Promise<IdempotencyRecord | undefined>;
  created(record: IdempotencyRecord): Write;
}

export function idempotencyStore(database: Database): IdempotencyStore {
  return {
    async get(deploymentId, key) {
      const found = await readItem(database, keys.idempotency(deploymentId, key));
      return found === undefined ? undefined : IdempotencyRecord.parse(found);
    },
    created: (record) =>
      created(database, 'idempotency', {
        ...keys.idempotency(record.deploymentId, record.key),
        ...record,
      }),
  };
}
