import type {
  Committable,
  Committer,
  Prepared,
  PrepareHow,
  TransactionalSink,
  TransactionalWriter,
} from '#engine/connectors/connector.ts';
import type { Row } from '../../pipelines/pipeline.ts';
import type { Outside } from './outside.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { World } from './world.ts';

const DELAY_MS = 4;

/** What a writer has put down and nobody sees until it is committed. */
interface Transaction {
  rows: Row[];
  committed: boolean;
}

/** A reference to a transaction in a checkpoint; `length` where it was not ended. */
interface Reference extends Committable {
  readonly transaction: string;
  readonly length: number;
}

/**
 * A place outside to which rows are added and never taken back: what is committed twice is there twice.
 *
 * Rows lie in transactions first. One that is unfinished in a checkpoint is committed, as long as it was then, by the
 * job that is restored from it.
 */
export class Ledger implements Outside {
  readonly #world: World;
  readonly #transactions = new Map<string, Transaction>();
  readonly #committed: Row[] = [];
  #names = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get rows(): readonly Row[] {
    return this.#committed;
  }

  /** The sink of one process. */
  sink(process: SimulatedProcess): TransactionalSink<Row> {
    return {
      connector: 'ledger',
      guarantee: 'exactly-once',
      options: {},
      writer: () => new LedgerWriter(process, this),
      committer: () => this.#committer(process),
    };
  }

  begin(): string {
    const name = `t-${(this.#names += 1)}`;
    this.#transactions.set(name, { rows: [], committed: false });
    return name;
  }

  /** Adds rows to a transaction; resolves on the process when they are durable. */
  stage(process: SimulatedProcess, transaction: string, rows: readonly Row[]): Promise<void> {
    return this.#travel(process, () => {
      this.#transactions.get(transaction)?.rows.push(...rows);
    });
  }

  #committer(process: SimulatedProcess): Committer {
    const commit = (committables: readonly Committable[]) =>
      this.#travel(process, () => {
        for (const committable of committables) this.#commit(process, committable as Reference); // as the writer made it
      });
    return {
      commit,
      recover: ({ committables, unfinished }) => commit([...committables, ...unfinished]),
      close: () => Promise.resolve(),
    };
  }

  #commit(process: SimulatedProcess, { transaction: name, length }: Reference): void {
    const transaction = this.#transactions.get(name);
    if (transaction === undefined || transaction.rows.length < length) {
      this.#world.violated(`${process.name} commits ${length} rows of "${name}", and they are not there`);
      return;
    }
    if (transaction.committed) return;
    transaction.committed = true;
    this.#committed.push(...transaction.rows.slice(0, length));
  }

  #travel(process: SimulatedProcess, effect: () => void): Promise<void> {
    const world = this.#world;
    return new Promise((resolve) => {
      world.schedule(Math.floor(process.random() * DELAY_MS), () => {
        if (process.dead && world.random() < 0.5) return;
        effect();
        process.schedule(Math.floor(process.random() * DELAY_MS), resolve);
      });
    });
  }
}

/** Rows of one subtask; about every second barrier leaves its transaction open. */
class LedgerWriter implements TransactionalWriter<Row> {
  readonly highWater = 1000;
  readonly #process: SimulatedProcess;
  readonly #ledger: Ledger;
  #waiting: Row[] = [];
  #transaction: string | undefined;
  #length = 0;
  #staged: Promise<void> = Promise.resolve();

  constructor(process: SimulatedProcess, ledger: Ledger) {
    this.#process = process;
    this.#ledger = ledger;
  }

  write(row: Row): void {
    this.#waiting.push(row);
  }

  get pending(): number {
    return this.#waiting.length;
  }

  async prepare({ savepoint, last }: PrepareHow): Promise<Prepared> {
    const rows = this.#waiting;
    this.#waiting = [];
    const transaction = (this.#transaction ??= this.#ledger.begin());
    this.#length += rows.length;
    const reference: Reference = { version: 1, transaction, length: this.#length };
    const ends = savepoint || last || this.#process.random() < 0.5;
    if (ends) {
      this.#transaction = undefined;
      this.#length = 0;
    }
    // In their order, though a barrier may come before the last one's rows are down.
    this.#staged = this.#staged.then(() => this.#ledger.stage(this.#process, transaction, rows));
    await this.#staged;
    return ends
      ? { committables: [reference], unfinished: [] }
      : { committables: [], unfinished: [reference] };
  }

  flush(): Promise<void> {
    return this.#staged;
  }

  onAvailable(): void {
    // It always takes more.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
