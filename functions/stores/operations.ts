/** Operations in the table, with what only the workflows need to know. */
import * as z from 'zod';
import { DeploymentSpec, RestoreStrategy } from '#contract/resources/deployment.ts';
import { DeploymentState, DesiredState } from '#contract/resources/deployment-state.ts';
import { Timestamp } from '#contract/resources/metadata.ts';
import { endedOperationStates, Operation } from '#contract/resources/operation.ts';
import { UpgradeGate } from '#contract/resources/upgrade.ts';
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
    /** Of a rescale: subtasks of every operator from now on. */
    parallelism: z.int().nullable().default(null),
    /** Sources of the new job begin at this time. */
    startAt: Timestamp.nullable().default(null),
    /** Of a savepoint that the clock asked for: `every` of its rule. */
    schedule: z.string().nullable().default(null),
    /** Of a delete. */
    deletion: z
      .object({ savepoints: z.enum(['keep', 'delete']), purge: z.boolean() })
      .nullable()
      .default(null),
  }),
  /** The worker that waits to be the job of this operation; its address as soon as it is ready to take over. */
  standby: z.object({ taskArn: z.string(), address: z.string().nullable() }).optional(),
  /** What the deployment was when the operation was accepted: what a cancelled one returns it to. */
  before: z.object({ state: DeploymentState, desiredState: DesiredState }).nullable().default(null),
  /** Of a queued one: the verb as it arrived, which is decided again when its turn comes. */
  waiting: z.record(z.string(), z.unknown()).nullable().default(null),
  /** Of one that puts a new job in the place of another: what was fixed when it was accepted. */
  replacement: z
    .object({
      spec: DeploymentSpec,
      specRevision: z.int(),
      replaces: z.int().nullable(),
      takesSavepoint: z.boolean(),
      gate: UpgradeGate.nullable(),
      statedBefore: z.record(z.string(), z.unknown()).nullable(),
    })
    .nullable()
    .default(null),
  /** What the gate has seen so far: since when the job has not restarted, and how often it did before. */
  gateSeen: z
    .object({ since: Timestamp, restarts: z.int(), attempts: z.int(), triggered: z.boolean() })
    .nullable()
    .default(null),
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
      const hasEnded = endedOperationStates.includes(operation.state);
      return hasEnded ? [write, removed(database, 'operation', keys.activeOperation(operation.id))] : [write];
    },
  };
}
