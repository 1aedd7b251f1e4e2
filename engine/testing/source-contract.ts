import type { Source, Split, SplitReader } from '../connectors/connector.ts';
import { recordBatch } from '../data/record-batch.ts';
import { type ContractCase, require, requireSame, Wakening } from './contract-case.ts';
import { ContractHost, type ContractHostOptions } from './contract-host.ts';

/** A source under test. */
export interface SourceUnderTest<T> extends Pick<ContractHostOptions, 'environment'> {
  /** A new one over the same data. */
  readonly source: () => Source<T>;
  /** All that there is to read; a source that never ends may have more. */
  readonly records: readonly T[];
}

/** Behind so long without a record a split has no more, for all that can be known. */
const QUIET_MS = 300;

/** What readers have read, each record once. */
interface Reading<T> {
  readonly records: T[];
  readonly positions: readonly Split[];
}

/**
 * What the engine relies on in a source. A source that passes loses nothing and reads nothing twice, wherever a job
 * fails and at whatever parallelism it goes on.
 *
 * Example: `for (const { name, run } of sourceContract({ source, records })) test(name, run);`
 */
export function sourceContract<T>(under: SourceUnderTest<T>): readonly ContractCase[] {
  const test = new SourceTest(under);
  return [
    { name: 'finds its splits once, each with a name of its own', run: () => test.discover() },
    { name: 'reads every record once, and each fits the schema', run: () => test.readAll() },
    { name: 'goes on behind its positions, wherever it is stopped', run: () => test.stopAnywhere() },
    { name: 'reads splits apart as it reads them together', run: () => test.spread() },
    { name: 'gives nothing of a split that is finished', run: () => test.keepFinished() },
    { name: 'leaves paused splits alone', run: () => test.pause() },
  ];
}

class SourceTest<T> {
  readonly #under: SourceUnderTest<T>;

  constructor(under: SourceUnderTest<T>) {
    this.#under = under;
  }

  async discover(): Promise<void> {
    const { source } = this.#under;
    const enumerator = source().enumerator(this.#host());
    const splits = await enumerator.discover(new Map());
    const ids = splits.map(({ id }) => id);
    require(new Set(ids).size === ids.length, `Two splits have one id: ${ids.join(', ')}`);
    require(ids.length > 0, 'discover found no split, though there are records');
    const again = await enumerator.discover(new Map(ids.map((id) => [id, false])));
    const known = again.find(({ id }) => ids.includes(id));
    require(known ===
      undefined, `discover found split "${known?.id ?? ''}" again, though it was given as known`);
    await enumerator.close();
  }

  async readAll(): Promise<void> {
    const { records, source } = this.#under;
    const { records: read } = await this.#read(await this.#splits(), records.length);
    requireSame(read, records, 'Reading all splits');
    const { schema } = source();
    for (const record of read) {
      const validation = await schema['~standard'].validate(record);
      require(validation.issues ===
        undefined, `A record does not fit the schema: ${validation.issues?.[0]?.message ?? ''}`);
    }
  }

  async stopAnywhere(): Promise<void> {
    const { records } = this.#under;
    const stops = new Set([1, Math.ceil(records.length / 3), records.length - 1].filter((stop) => stop > 0));
    for (const stop of stops) {
      const first = await this.#read(await this.#splits(), stop);
      // A position is text that outlives the process.
      const stored = structuredClone(first.positions);
      const rest = await this.#read(stored, records.length - first.records.length);
      requireSame(
        [...first.records, ...rest.records],
        records,
        `Stopped behind ${first.records.length} records`,
      );
    }
  }

  async spread(): Promise<void> {
    const { records } = this.#under;
    const splits = await this.#splits();
    const first = await this.#read(splits, Math.floor(records.length / 2));
    const read: T[] = [...first.records];
    for (const split of first.positions) {
      // Whoever has one split may wait for ever for a record of another.
      const left = records.length - read.length;
      const { records: own } = await this.#read([split], left, { patient: false });
      read.push(...own);
    }
    requireSame(read, records, 'Reading splits one by one');
  }

  async keepFinished(): Promise<void> {
    // One more than there is, so that a bounded source comes to its end.
    const goal = this.#under.records.length + 1;
    const { positions } = await this.#read(await this.#splits(), goal, { patient: false });
    const finished = positions.filter((split) => split.finished === true);
    const reader = this.#open();
    for (const split of finished) reader.add(structuredClone(split));
    require(reader.poll(recordBatch()) === undefined, 'poll gave something of a split that was finished');
    const kept = reader.positions().filter((split) => split.finished === true).length;
    require(kept === finished.length, `positions has ${kept} finished splits, ${finished.length} were added`);
    await reader.close();
  }

  async pause(): Promise<void> {
    const splits = await this.#splits();
    const reader = this.#open();
    if (reader.pause === undefined) return reader.close();
    for (const split of splits) reader.add(split);
    reader.pause(new Set(splits.map(({ id }) => id)));
    const polled = reader.poll(recordBatch());
    require(polled === undefined, `poll gave something of split "${polled?.split ?? ''}", which is paused`);
    reader.pause(new Set());
    const read = await this.#drain(reader, { count: this.#under.records.length, patient: true });
    requireSame(read, this.#under.records, 'Reading splits that were paused before');
    await reader.close();
  }

  async #splits(): Promise<readonly Split[]> {
    const enumerator = this.#under.source().enumerator(this.#host());
    const splits = await enumerator.discover(new Map());
    await enumerator.close();
    return splits;
  }

  async #read(splits: readonly Split[], count: number, { patient } = { patient: true }): Promise<Reading<T>> {
    const reader = this.#open();
    for (const split of splits) reader.add(split);
    const records = await this.#drain(reader, { count, patient });
    const positions = reader.positions();
    await reader.close();
    return { records, positions };
  }

  /** Reads so many records at least, or until the reader has finished all of its splits. */
  async #drain(
    reader: SplitReader<T>,
    goal: { readonly count: number; readonly patient: boolean },
  ): Promise<T[]> {
    const wakening = new Wakening();
    reader.onAvailable(wakening.wake);
    const batch = recordBatch(16);
    const records: T[] = [];
    while (records.length < goal.count) {
      const polled = reader.poll(batch);
      if (polled !== undefined) {
        require(batch.size <= 16, `poll put ${batch.size} records into a batch with room for 16`);
        // The source's own records.
        records.push(...(batch.values.slice(0, batch.size) as T[]));
        continue;
      }
      if (reader.positions().every(({ finished }) => finished === true)) break;
      if (goal.patient) await wakening.next(`${records.length} of ${goal.count} records are read`);
      else if (!(await wakening.within(QUIET_MS))) break;
    }
    return records;
  }

  #open(): SplitReader<T> {
    return this.#under.source().reader(this.#host(), 0);
  }

  #host(): ContractHost {
    return new ContractHost(this.#under);
  }
}
