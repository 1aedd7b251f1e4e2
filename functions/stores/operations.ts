/** Operations in the table, with what only the workflows need to know. */
import * as z from 'zod';
import { RestoreStrategy } from '#contract/resources/deployment.ts';
import { Operation } from '#contract/resources/operation.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, removed, replaced, written } from './database.ts';
import { readAll, readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions } from './table.ts';

/** An operation as it is stored. */
export const StoredOperation = Operation.extend({
  /** What the caller asked for beside the verb. */
  request: z.object({
    restoreStrategy: RestoreStrategy.nullable(),
    description: z.string(),
    /** Key of the folder for the savepoint; null is the platform's own. */
    savepointDirectory: z.string().nullable().default(null),
    /** Send the last watermark before a stop, so that all windows fire. */
    drain: z.boolean().default(false),
  }),
});
export type StoredOperation = z.infer<typeof StoredOperation>;

/** An operation that has not ended, as the sweep reads it. */
export interface ActiveOperation {
  readonly id: string;
  readonly namespace: string;
}

/** Operations by id; listed by deployment. */
export interface OperationStore {
  get(id: string): Promise<StoredOperation | undefined>;
  list(deploymentId: string, request: PageRequest): Promise<Page<Operation>>;
  active(): Promise<ActiveOperation[]>;
  /** The operation and the mark that it is under way. */
  created(operation: StoredOperation): Write[];
  /** `operation` carries its new revision; one that has ended loses the mark. */
  replaced(operation: StoredOperation): Write[];
}

const Mark = z.object({ sk: z.string(), namespace: z.string() });

export function operationStore(database: Database): OperationStore {
  const item = (operation: StoredOperation) => ({
    ...keys.operation(operation.id, operation.deploymentId),
    ...operation,
  });
  return {
    async get(id) {
      const found = await readItem(database, keys.operation(id));
      return found === undefined ? undefined : StoredOperation.parse(found);
    },
    list: (deploymentId, request) =>
      readPage(
        database,
        {
          partition: partitions.operations(deploymentId),
          index: true,
          parse: (found) => Operation.parse(found),
        },
        request,
      ),
    async active() {
      const marks = await readAll(database, {
        partition: partitions.activeOperations,
        parse: (found) => Mark.parse(found),
      });
      return marks.map((mark) => ({ id: mark.sk, namespace: mark.namespace }));
    },
    created: (operation) => [
      created(database, 'operation', item(operation)),
      written(database, 'operation', {
        ...keys.activeOperation(operation.id),
        namespace: operation.namespace,
      }),
    ],
    replaced(operation) {
      const write = replaced(database, 'operation', item(operation), operation.revision - 1);
      const hasEnded = operation.state === 'succeeded' || operation.state === 'failed';
      return hasEnded ? [write, removed(database, 'operation', keys.activeOperation(operation.id))] : [write];
    },
  };
}
