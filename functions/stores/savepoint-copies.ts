/** Who refers to the state of a deployment from outside of it: what keeps its chunks when it is gone itself. */
import * as z from 'zod';
import { Name, Ulid } from '#contract/resources/metadata.ts';
import type { Database, Write } from './database.ts';
import { removed, written } from './database.ts';
import { readAll } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** A savepoint of one deployment that refers to chunks of another, from the moment at which the copy was asked for. */
export const SavepointCopy = z.object({
  /** Deployment whose chunks they are. */
  ownerId: Ulid,
  /** The savepoint that is the copy. */
  id: Ulid,
  source: z.object({ deploymentId: Ulid, savepointId: Ulid }),
  namespace: Name,
  deployment: Name,
  deploymentId: Ulid,
  /** The operation that makes the copy. */
  operationId: Ulid,
  /** Key of its folder; null until it is written. */
  folder: z.string().nullable(),
});
export type SavepointCopy = z.infer<typeof SavepointCopy>;

/** Copies by the deployment whose chunks they refer to. */
export interface SavepointCopyStore {
  of(ownerId: string): Promise<SavepointCopy[]>;
  written(copy: SavepointCopy): Write;
  removed(copy: Pick<SavepointCopy, 'ownerId' | 'id'>): Write;
}

export function savepointCopyStore(database: Database): SavepointCopyStore {
  return {
    of: (ownerId) =>
      readAll(database, {
        partition: partitions.deployment(ownerId),
        prefix: prefixes.savepointCopy,
        parse: (found) => SavepointCopy.parse(found),
      }),
    written: (copy) =>
      written(database, 'savepoint-copy', { ...keys.savepointCopy(copy.ownerId, copy.id), ...copy }),
    removed: ({ ownerId, id }) => removed(database, 'savepoint-copy', keys.savepointCopy(ownerId, id)),
  };
}
