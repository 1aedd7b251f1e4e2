/** Marks of bundles that no version refers to: first they wait, then their bytes are deleted. */
import * as z from 'zod';
import { Timestamp } from '#contract/resources/metadata.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, removedAt, replaced } from './database.ts';
import { readAll } from './page.ts';
import { keys, partitions } from './table.ts';

/** `revision` is 1 while it waits; `deletingAt` is set from the moment on in which its bytes may be gone. */
export const UnusedBundle = z.object({
  sha256: z.string(),
  since: Timestamp,
  deletingAt: Timestamp.nullable(),
  revision: z.int().min(1),
});
export type UnusedBundle = z.infer<typeof UnusedBundle>;

/** Every write is refused when the mark changed since it was read. */
export interface UnusedBundleStore {
  get(sha256: string): Promise<UnusedBundle | undefined>;
  all(): Promise<UnusedBundle[]>;
  created(mark: UnusedBundle): Write;
  replaced(before: UnusedBundle, after: UnusedBundle): Write;
  removed(mark: UnusedBundle): Write;
  /** To be written with a version of this bundle; `mark` is what was read before its bytes were verified. */
  used(sha256: string, mark: UnusedBundle | undefined): Write;
}

export function unusedBundleStore(database: Database): UnusedBundleStore {
  const parse = (found: unknown): UnusedBundle => UnusedBundle.parse(found);
  const itemOf = (mark: UnusedBundle) => ({ ...keys.unusedBundle(mark.sha256), ...mark });
  const removal = (mark: UnusedBundle): Write =>
    removedAt(database, 'bundle', keys.unusedBundle(mark.sha256), mark.revision);
  return {
    async get(sha256) {
      const found = await readItem(database, keys.unusedBundle(sha256));
      return found === undefined ? undefined : parse(found);
    },
    all: () => readAll(database, { partition: partitions.unusedBundles, parse }),
    created: (mark) => created(database, 'bundle', itemOf(mark)),
    replaced: (before, after) => replaced(database, 'bundle', itemOf(after), before.revision),
    removed: removal,
    used: (sha256, mark) =>
      // A bundle whose bytes are being deleted is registered by nobody before they are uploaded anew.
      mark === undefined || mark.deletingAt !== null
        ? {
            resource: 'bundle',
            item: {
              ConditionCheck: {
                TableName: database.table,
                Key: keys.unusedBundle(sha256),
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            },
          }
        : removal(mark),
  };
}
