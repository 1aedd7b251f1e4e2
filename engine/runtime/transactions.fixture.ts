/** A transactional sink in a simulated world, and jobs that write records into it, each of which must arrive once. */
import type {
  Committable,
  ConnectorHost,
  PrepareHow,
  TransactionalSink,
  TransactionalWriter,
} from '../connectors/connector.ts';
import { generator } from '../connectors/generator/index.ts';
import { t } from '../data/built-in-types.ts';
import { application } from '../stream/application.ts';
import type { RunnableApplication } from './application-ref.ts';

/** Longest time that a step of the sink takes. */
const DELAY_MS = 8;
/** Records of one transaction, after which the writer begins another within the same checkpoint. */
const ROLL_AT = 7;

interface Batch extends Committable {
  readonly id: string;
  readonly records: readonly string[];
}

/**
 * What outlives the jobs: batches that were prepared, and those that readers see. A batch becomes visible once,
 * however often its commit is repeated.
 */
export class TransactionLog {
  readonly visible = new Map<string, readonly string[]>();
  commits = 0;
  recovered = 0;

  get records(): readonly string[] {
    return [...this.visible.values()].flat().toSorted();
  }

  /** `failing`: a commit now and then fails for good, as by a crash of the subtask. */
  sink(failing: (host: ConnectorHost) => boolean = () => false): TransactionalSink<string> {
    return {
      connector: 'transaction-log',
      guarantee: 'exactly-once',
      options: {},
      writer: (host, subtask) => new LogWriter(host, subtask),
      committer: (host) => ({
        commit: async (committables) => {
          await elapse(host);
          if (failing(host)) throw new Error('the commit was cut off');
          this.#show(committables);
          await elapse(host);
        },
        recover: async ({ committables, unfinished }) => {
          await elapse(host);
          this.recovered += committables.length + unfinished.length;
          this.#show([...committables, ...unfinished]);
        },
        close: () => Promise.resolve(),
      }),
    };
  }

  #show(committables: readonly Committable[]): void {
    // Only this sink makes them.
    for (const { id, records } of committables as readonly Batch[]) {
      this.commits += 1;
      const shown = this.visible.get(id);
      if ((shown?.length ?? 0) < records.length) this.visible.set(id, records);
    }
  }
}

/** Keeps the batch that is open over barriers, as a file sink keeps a file; every seventh record closes it. */
class LogWriter implements TransactionalWriter<string> {
  readonly highWater = 100;
  readonly pending = 0;
  readonly #host: ConnectorHost;
  readonly #name: string;
  #next = 0;
  #open: string[] = [];
  #closed: Batch[] = [];

  constructor(host: ConnectorHost, subtask: number) {
    this.#host = host;
    this.#name = `${host.owner}/${host.epoch}/${subtask}/${Math.floor(host.random() * 1e9)}`;
  }

  write(record: string): void {
    this.#open.push(record);
    if (this.#open.length >= ROLL_AT) this.#roll();
  }

  async prepare({ savepoint, last }: PrepareHow) {
    if (savepoint || last) this.#roll();
    const committables = this.#closed;
    this.#closed = [];
    const unfinished = this.#open.length === 0 ? [] : [this.#batch()];
    await elapse(this.#host);
    return { committables, unfinished };
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  onAvailable(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  #roll(): void {
    if (this.#open.length === 0) return;
    this.#closed.push(this.#batch());
    this.#next += 1;
    this.#open = [];
  }

  #batch(): Batch {
    return { version: 1, id: `${this.#name}/${this.#next}`, records: [...this.#open] };
  }
}

/**
 * `count` records of each of `splits` splits, without it endlessly many, straight into a sink; `watch` sees each before
 * and may throw.
 */
export function writingApplication(
  sink: TransactionalSink<string>,
  { splits, count, watch }: { readonly splits: number; readonly count?: number; readonly watch?: () => void },
): RunnableApplication {
  return application('writing', {
    build({ source }) {
      const records = generator({
        schema: t.string,
        record: (index, split) => nameOf(split, index),
        ...(count === undefined ? {} : { count }),
        splits,
        ratePerSecond: 4000,
      });
      source('records', records)
        .map((record) => {
          watch?.();
          return record;
        }, 'watch')
        .to(sink, 'log');
    },
  });
}

export function nameOf(split: number, index: number): string {
  return `${split}/${String(index).padStart(5, '0')}`;
}

function elapse(host: ConnectorHost): Promise<void> {
  return new Promise((resolve) => {
    host.schedule(Math.floor(host.random() * (DELAY_MS + 1)), resolve);
  });
}
