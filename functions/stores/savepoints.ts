/** Savepoints of deployments in the table, with what only the workflows need to know. */
import * as z from 'zod';
import { Savepoint } from '#contract/resources/savepoint.ts';
import type { SavepointFilter } from '#contract/resources/savepoint.ts';
import type { Database, Write } from './database.ts';
import { readItem, removed, replaced, written } from './database.ts';
import { readAll, readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** A savepoint as it is stored. */
export const StoredSavepoint = Savepoint.extend({
  /** Chosen by us and stored before the engine hears of it, so that asking twice triggers once. */
  triggerId: z.string(),
  /** How often it was tried, from 1. */
  tries: z.int().min(1),
  /** Grows with every change that others may make at the same time; 0 in records that are older than this number. */
  revision: z.int().min(0).default(0),
  /** Its objects are being removed: nothing brings it back any more. */
  isPurging: z.boolean().default(false),
});
export type StoredSavepoint = z.infer<typeof StoredSavepoint>;

/** Savepoints by deployment and id. */
export interface SavepointStore {
  get(deploymentId: string, savepointId: string): Promise<StoredSavepoint | undefined>;
  list(deploymentId: string, request: PageRequest & SavepointFilter): Promise<Page<Savepoint>>;
  /** Of all deployments of a namespace. */
  ofNamespace(namespace: string, request: PageRequest & SavepointFilter): Promise<Page<Savepoint>>;
  /** All there are, for rules and collections. */
  all(deploymentId: string): Promise<StoredSavepoint[]>;
  /** The newest that are complete, for choosing what to restore. */
  completed(deploymentId: string): Promise<Savepoint[]>;
  /** Without a condition: as long as it is started, only the operation that owns the savepoint writes it. */
  written(savepoint: StoredSavepoint): Write;
  /** Writes a change of one that was read, which gets the next revision; a conflict where somebody was faster. */
  changed(savepoint: StoredSavepoint): Write;
  removed(deploymentId: string, savepointId: string): Write;
}

// A restore wants the newest one; failed ones before it are few.
const CANDIDATES = 200;

export function savepointStore(database: Database): SavepointStore {
  const itemOf = (savepoint: StoredSavepoint) => ({
    ...keys.savepoint(savepoint.deploymentId, savepoint.id, savepoint.namespace),
    ...savepoint,
  });
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
    list: (deploymentId, request) =>
      readPage(database, { ...listOf(deploymentId), ...filterOf(request) }, request),
    ofNamespace: (namespace, request) =>
      readPage(
        database,
        {
          partition: partitions.savepoints(namespace),
          index: true,
          parse: (found: unknown): Savepoint => Savepoint.parse(found),
          ...filterOf(request),
        },
        request,
      ),
    all: (deploymentId) =>
      readAll(database, { ...listOf(deploymentId), parse: (found) => StoredSavepoint.parse(found) }),
    async completed(deploymentId) {
      const list = {
        ...listOf(deploymentId),
        matches: (savepoint: Savepoint) => savepoint.state === 'completed',
      };
      return (await readPage(database, list, { limit: CANDIDATES })).items;
    },
    written: (savepoint) => written(database, 'savepoint', itemOf(savepoint)),
    changed(savepoint) {
      const item = itemOf({ ...savepoint, revision: savepoint.revision + 1 });
      // A condition on a number that an older record lacks would never hold.
      return savepoint.revision === 0
        ? written(database, 'savepoint', item)
        : replaced(database, 'savepoint', item, savepoint.revision);
    },
    removed: (deploymentId, savepointId) =>
      removed(database, 'savepoint', keys.savepoint(deploymentId, savepointId)),
  };
}

function filterOf({ origin, state, job, since, until, deleted }: SavepointFilter): {
  readonly filter: string;
  readonly matches: (savepoint: Savepoint) => boolean;
} {
  return {
    filter: [origin, state, job, since, until, deleted].map((value) => value ?? '').join(';'),
    matches: (savepoint) =>
      (savepoint.deletion !== null) === (deleted === 'true') &&
      (origin === undefined || savepoint.origin === origin) &&
      (state === undefined || savepoint.state === state) &&
      (job === undefined || savepoint.jobNumber === job) &&
      (since === undefined || savepoint.createdAt >= since) &&
      (until === undefined || savepoint.createdAt <= until),
  };
}
