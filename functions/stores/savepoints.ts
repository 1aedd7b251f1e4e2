/** Savepoints of deployments in the table, with what only the workflows need to know. */
import * as z from 'zod';
import { Savepoint } from '#contract/resources/savepoint.ts';
import type { Database, Write } from './database.ts';
import { readItem, removed, written } from './database.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** A savepoint as it is stored. */
export const StoredSavepoint = Savepoint.extend({
  /** Chosen by us and stored before the engine hears of it, so that asking twice triggers once. */
  triggerId: z.string(),
  /** How often it was tried, from 1. */
  tries: z.int().min(1),
});
export type StoredSavepoint = z.infer<typeof StoredSavepoint>;

/** Savepoints by deployment and id. */
export interface SavepointStore {
  get(deploymentId: string, savepointId: string): Promise<StoredSavepoint | undefined>;
  list(deploymentId: string, request: PageRequest): Promise<Page<Savepoint>>;
  /** The newest that are complete, for choosing what to restore. */
  completed(deploymentId: string): Promise<Savepoint[]>;
  /** Without a condition: only the operation that owns the savepoint writes it. */
  written(savepoint: StoredSavepoint): Write;
  removed(deploymentId: string, savepointId: string): Write;
}

// A restore wants the newest one; failed ones before it are few.
const CANDIDATES = 200;

export function savepointStore(database: Database): SavepointStore {
  const listOf = (deploymentId: string) => ({
    partition: partitions.deployment(deploymentId),
    prefix: prefixes.savepoint,
    parse: (found: unknown): Savepoint => Savepoint.parse(found),
  });
  return {
    async get(deploymentId, savepointId) {
      const found = await readItem(database, keys.savepoint(deploymentId, savepointId));
      return found === undefined ? undefined : StoredSavepoint.parse(found);
    },
    list: (deploymentId, request) => readPage(database, listOf(deploymentId), request),
    async completed(deploymentId) {
      const list = {
        ...listOf(deploymentId),
        matches: (savepoint: Savepoint) => savepoint.state === 'completed',
      };
      return (await readPage(database, list, { limit: CANDIDATES })).items;
    },
    written: (savepoint) =>
      written(database, 'savepoint', {
        ...keys.savepoint(savepoint.deploymentId, savepoint.id),
        ...savepoint,
      }),
    removed: (deploymentId, savepointId) =>
      removed(database, 'savepoint', keys.savepoint(deploymentId, savepointId)),
  };
}
