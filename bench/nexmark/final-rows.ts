/** The rows that a query leaves in the end, in the form in which other engines' rows were written. */
import { createHash } from 'node:crypto';
import type { Sink } from '../../engine/connectors/connector.ts';
import { InMemoryStorage } from '../../engine/runtime/in-memory-storage.ts';
import { startJob } from '../../engine/runtime/job.ts';
import { nodeScheduler } from '../../engine/worker/node-scheduler.ts';
import { type Configuration, nexmark } from './application.ts';
import type { RowForm } from './query.ts';

/** What tells two results apart without holding them. */
export interface RowsDigest {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Runs a query to its end, in this thread, and gives its rows as sorted lines of JSON. */
export async function finalRows(configuration: Configuration): Promise<readonly string[]> {
  const table = new FinalTable();
  const jobId = 'c'.repeat(32);
  const storage = new InMemoryStorage();
  const job = startJob(
    {
      jobId,
      name: configuration.query,
      application: { application: nexmark((form) => table.sink(form)) },
      configuration,
      parallelism: configuration.splits,
      checkpointIntervalMs: 0,
      epoch: 1,
      prefix: 'rows',
      restore: { kind: 'none' },
      restart: { kind: 'none' },
      threads: false,
    },
    {
      ...nodeScheduler(),
      random: Math.random,
      environment: {},
      storage,
      reporter: { report: () => undefined },
    },
  );
  const { state, failure } = await job.ended;
  if (state !== 'FINISHED') {
    throw new Error(`Query ${configuration.query} is ${state}: ${failure?.message ?? 'without a fault'}`);
  }
  return table.lines();
}

export function digestOf(lines: readonly string[]): RowsDigest {
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return {
    rows: lines.length,
    bytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

/** Rows as a table has them: where rows have keys, a later one replaces the one before. */
class FinalTable {
  readonly #appended: string[] = [];
  readonly #byKey = new Map<string | number, string>();

  sink<T>({ columns, key }: RowForm<T>): Sink<T> {
    return {
      connector: 'final-rows',
      guarantee: 'at-least-once',
      options: {},
      writer: () => ({
        write: (row) => {
          const line = JSON.stringify(columns(row));
          if (key === undefined) this.#appended.push(line);
          else this.#byKey.set(key(row), line);
        },
        pending: 0,
        highWater: 1,
        flush: () => Promise.resolve(),
        onAvailable: () => undefined,
        close: () => Promise.resolve(),
      }),
    };
  }

  /** By their bytes; code units order them alike as long as they are ASCII, which the stream is. */
  lines(): readonly string[] {
    return [...this.#appended, ...this.#byKey.values()].toSorted((left, right) =>
      left < right ? -1 : left > right ? 1 : 0,
    );
  }
}
