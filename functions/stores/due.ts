/** What housekeeping has to do, by the time from which on it is due. */
import * as z from 'zod';
import { Timestamp } from '#contract/resources/metadata.ts';
import type { Database, Write } from './database.ts';
import { removed, written } from './database.ts';
import { readRange } from './page.ts';
import { keys, partitions } from './table.ts';

/**
 * One thing to be done, told by what it is about. It is done again when a crash keeps its mark, so it must find out
 * by itself whether there is still something to do.
 */
export const Due = z.object({
  at: Timestamp,
  kind: z.enum(['purge-savepoint', 'fail-import', 'retain-savepoints', 'end-deployment', 'purge-deployment']),
  namespace: z.string(),
  deployment: z.string(),
  deploymentId: z.string(),
  /** Of the savepoint that it is about; of a deployment as a whole its own. */
  id: z.string(),
});
export type Due = z.infer<typeof Due>;

/** Things to be done, the earliest first. */
export interface DueStore {
  until(at: string, limit: number): Promise<Due[]>;
  added(due: Due): Write;
  removed(due: Due): Write;
}

export function dueStore(database: Database): DueStore {
  const keyOf = ({ at, kind, id }: Due) => keys.due(at, `${kind}#${id}`);
  return {
    until: (at, limit) =>
      readRange(
        database,
        { partition: partitions.due, between: ['0', `${at}~`], parse: (found) => Due.parse(found) },
        limit,
      ),
    added: (due) => written(database, 'due', { ...keyOf(due), ...due }),
    removed: (due) => removed(database, 'due', keyOf(due)),
  };
}
