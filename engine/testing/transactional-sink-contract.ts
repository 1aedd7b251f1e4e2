import type {
  Committable,
  Committer,
  Prepared,
  Sink,
  TransactionalSink,
  TransactionalWriter,
} from '../connectors/connector.ts';
import { type ContractCase, require, requireSame } from './contract-case.ts';
import { ContractHost } from './contract-host.ts';
import type { SinkContractOptions } from './sink-contract.ts';

const ORDINARY = { savepoint: false, last: false };
const SAVEPOINT = { savepoint: true, last: false };

/** A job with one subtask, as far as a sink sees it. */
interface Attempt<T> {
  readonly writer: TransactionalWriter<T>;
  readonly committer: Committer;
}

/** What the engine relies on in a sink that commits with checkpoints. */
export function transactionalSinkContract<T>(options: SinkContractOptions<T>): readonly ContractCase[] {
  const test = new TransactionTest(options);
  return [
    { name: 'shows nothing before a commit, and every record once behind it', run: () => test.commit() },
    { name: 'commits once, however often it is asked to', run: () => test.commitAgain() },
    { name: 'lets another job commit what a dead one has prepared', run: () => test.commitByAnother() },
    { name: 'shows of unfinished work what the checkpoint holds', run: () => test.recoverUnfinished() },
    { name: 'never shows what no checkpoint holds', run: () => test.dropTheRest() },
    { name: 'leaves nothing unfinished at a savepoint, nor at the end', run: () => test.finish() },
    { name: 'keeps what a savepoint holds, whatever becomes of the job', run: () => test.keepSavepoint() },
  ];
}

class TransactionTest<T> {
  readonly #options: SinkContractOptions<T>;

  constructor(options: SinkContractOptions<T>) {
    this.#options = options;
  }

  async commit(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const attempt = await this.#start(sink);
    write(attempt, records);
    const { committables, unfinished } = await prepared(attempt, { savepoint: false, last: true });
    require(unfinished.length === 0, 'Something is unfinished at the end of the input');
    requireSame(await written(), [], 'Before the commit');
    await attempt.committer.commit(committables);
    requireSame(await written(), records, 'Behind the commit');
    await close(attempt);
  }

  async commitAgain(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const attempt = await this.#start(sink);
    write(attempt, records);
    const { committables } = await prepared(attempt, SAVEPOINT);
    await attempt.committer.commit(committables);
    await attempt.committer.commit(committables);
    const next = await this.#start(sink, 2, { committables, unfinished: [] });
    await Promise.all([next.committer.commit(committables), attempt.committer.commit(committables)]);
    requireSame(await written(), records, 'Behind five commits of the same');
    await Promise.all([close(attempt), close(next)]);
  }

  async commitByAnother(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const dead = await this.#start(sink);
    write(dead, records);
    const left = await prepared(dead, SAVEPOINT);
    await close(dead);
    await close(await this.#start(sink, 2, left));
    requireSame(await written(), records, 'Committed by the next job');
  }

  async recoverUnfinished(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const zombie = await this.#start(sink);
    const half = Math.ceil(records.length / 2);
    write(zombie, records.slice(0, half));
    const left = await prepared(zombie, ORDINARY);
    write(zombie, records.slice(half));
    await prepared(zombie, ORDINARY).catch(() => undefined);
    const next = await this.#start(sink, 2, left);
    requireSame(await written(), records.slice(0, half), 'Restored from a checkpoint in the middle');
    // It does not know that it is dead, and goes on as if nothing had happened; no checkpoint of it completes.
    await prepared(zombie, ORDINARY).catch(() => undefined);
    write(next, records.slice(half));
    const rest = await prepared(next, SAVEPOINT);
    await next.committer.commit(rest.committables);
    requireSame(await written(), records, 'Behind the end of the restored job');
    await Promise.all([close(zombie), close(next)]);
  }

  async dropTheRest(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const dead = await this.#start(sink);
    write(dead, records);
    await prepared(dead, ORDINARY);
    await close(dead);
    await close(await this.#start(sink, 2));
    requireSame(await written(), [], 'Restored from nothing');
  }

  async finish(): Promise<void> {
    const { records, open } = this.#options;
    const { sink } = await open();
    const attempt = await this.#start(sink);
    for (const how of [SAVEPOINT, { savepoint: false, last: true }]) {
      write(attempt, records);
      const { unfinished } = await prepared(attempt, how);
      require(unfinished.length === 0, `${unfinished.length} are unfinished`);
    }
    await close(attempt);
  }

  async keepSavepoint(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const first = await this.#start(sink);
    write(first, records);
    const savepoint = await prepared(first, SAVEPOINT);
    await close(first);
    // The job goes on from an older checkpoint, which knows nothing of the savepoint.
    await close(await this.#start(sink, 2));
    await close(await this.#start(sink, 3, savepoint));
    requireSame(await written(), records, 'Restored from a savepoint');
  }

  async #start(
    sink: Sink<T>,
    epoch = 1,
    restored: Prepared = { committables: [], unfinished: [] },
  ): Promise<Attempt<T>> {
    const host = new ContractHost({ ...this.#options, epoch });
    const transactional = sink as TransactionalSink<T>; // asked before this contract was chosen
    const committer = transactional.committer(host, 0);
    const writer = transactional.writer(host, 0);
    await committer.recover({ ...restored, all: [...restored.committables, ...restored.unfinished] });
    return { writer, committer };
  }
}

function write<T>({ writer }: Attempt<T>, records: readonly T[]): void {
  for (const record of records) writer.write(record, 0);
}

/** As a snapshot gives it back. */
async function prepared<T>({ writer, committer }: Attempt<T>, how: typeof ORDINARY): Promise<Prepared> {
  const all = await writer.prepare(how);
  if (how.savepoint) await committer.keep?.(all.committables);
  for (const { version } of [...all.committables, ...all.unfinished])
    require(Number.isInteger(version), 'A committable has no version');
  return { committables: copied(all.committables), unfinished: copied(all.unfinished) };
}

function copied(committables: readonly Committable[]): readonly Committable[] {
  return structuredClone(committables);
}

async function close<T>({ writer, committer }: Attempt<T>): Promise<void> {
  await Promise.all([writer.close(), committer.close()]);
}
