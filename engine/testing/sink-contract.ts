import type { Guarantee, Sink, SinkWriter } from '../connectors/connector.ts';
import { isFenced } from '../host.ts';
import { type ContractCase, require, requireSame, textOf } from './contract-case.ts';
import { ContractHost, type ContractHostOptions } from './contract-host.ts';
import { transactionalSinkContract } from './transactional-sink-contract.ts';

/** A place that a sink writes to, new and empty. */
export interface SinkUnderTest<T> {
  readonly sink: Sink<T>;
  /** What a reader of the place finds, as the records that were written. */
  readonly written: () => Promise<readonly T[]>;
}

/** What a contract of a sink is made of. */
export interface SinkContractOptions<T> extends Pick<ContractHostOptions, 'environment'> {
  /** What the sink promises; more is asked of one that promises more. */
  readonly guarantee: Guarantee;
  readonly open: () => Promise<SinkUnderTest<T>>;
  /** At least two, all different; of a sink that upserts, each with a key of its own. */
  readonly records: readonly T[];
}

/**
 * What the engine relies on in a sink, and what the sink itself promises: at least once, effectively once by keys and
 * epochs, or exactly once by transactions.
 *
 * Example: `for (const { name, run } of sinkContract({ guarantee, open, records })) test(name, run);`
 */
export function sinkContract<T>(options: SinkContractOptions<T>): readonly ContractCase[] {
  const test = new SinkTest(options);
  const promise = { name: 'says what it promises', run: () => test.promise() };
  if (options.guarantee === 'exactly-once') return [promise, ...transactionalSinkContract(options)];
  const all: ContractCase[] = [
    promise,
    { name: 'has written what was flushed', run: () => test.flush() },
    { name: 'flushes for several at once', run: () => test.flushTogether() },
    { name: 'counts what is pending, and nothing behind a flush', run: () => test.countPending() },
    { name: 'writes nothing more when it was closed', run: () => test.close() },
    { name: 'loses nothing when records are written again after a failure', run: () => test.writeAgain() },
  ];
  if (options.guarantee === 'effectively-once')
    all.push({ name: 'refuses what an older epoch writes', run: () => test.fence() });
  return all;
}

/** A request that was under way at the close has arrived by then; no clock of ours moves a service. */
const UNDER_WAY_MS = 200;

class SinkTest<T> {
  readonly #options: SinkContractOptions<T>;

  constructor(options: SinkContractOptions<T>) {
    this.#options = options;
  }

  async promise(): Promise<void> {
    const { guarantee, open } = this.#options;
    const { sink } = await open();
    require(sink.guarantee ===
      guarantee, `The sink promises ${sink.guarantee}, and is tested for ${guarantee}`);
  }

  async flush(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const writer = this.#writer(sink);
    for (const record of records) writer.write(record, 0);
    await writer.flush();
    requireSame(await written(), records, 'Behind a flush');
    await writer.flush();
    requireSame(await written(), records, 'Behind a second flush');
    await writer.close();
  }

  async flushTogether(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const writer = this.#writer(sink);
    const flushes = records.map((record) => {
      writer.write(record, 0);
      return writer.flush();
    });
    await Promise.all(flushes);
    requireSame(await written(), records, 'Behind flushes that were asked for together');
    await writer.close();
  }

  async countPending(): Promise<void> {
    const { records, open } = this.#options;
    const writer = this.#writer((await open()).sink);
    require(writer.highWater > 0, `highWater is ${writer.highWater}: the sink would take nothing`);
    for (const record of records) writer.write(record, 0);
    await writer.flush();
    require(writer.pending === 0, `${writer.pending} are pending behind a flush`);
    await writer.close();
  }

  async close(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const writer = this.#writer(sink);
    const [first, ...rest] = records;
    if (first !== undefined) writer.write(first, 0);
    await writer.flush();
    for (const record of rest) writer.write(record, 0);
    await writer.close();
    const before = await written();
    await new Promise((resolve) => {
      setTimeout(resolve, UNDER_WAY_MS);
    });
    requireSame(await written(), before, 'A while behind close');
  }

  async writeAgain(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const writer = this.#writer(sink);
      for (const record of records) writer.write(record, 0);
      await writer.flush();
      await writer.close();
    }
    const found = await written();
    if (sink.guarantee === 'at-least-once') {
      const texts = new Set(found.map(textOf));
      const lost = records.filter((record) => !texts.has(textOf(record)));
      require(lost.length === 0, `${lost.length} records are lost`);
    } else requireSame(found, records, 'Written twice');
  }

  async fence(): Promise<void> {
    const { records, open } = this.#options;
    const { sink, written } = await open();
    const newer = this.#writer(sink, 2);
    for (const record of records) newer.write(record, 0);
    await newer.flush();
    const older = this.#writer(sink, 1);
    const failure = await writeAll(older, records);
    require(isFenced(
      failure,
    ), 'A writer of epoch 1 was not refused with a FencedError behind one of epoch 2');
    requireSame(await written(), records, 'Behind a writer of an older epoch');
    await Promise.all([newer.close(), older.close()]);
  }

  #writer(sink: Sink<T>, epoch = 1): SinkWriter<T> {
    return sink.writer(new ContractHost({ ...this.#options, epoch }), 0);
  }
}

async function writeAll<T>(writer: SinkWriter<T>, records: readonly T[]): Promise<unknown> {
  try {
    for (const record of records) writer.write(record, 0);
    await writer.flush();
    return undefined;
  } catch (error) {
    return error;
  }
}
