import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordBatch } from '../../data/record-batch.ts';
import { t } from '../../data/built-in-types.ts';
import type { Split, SplitReader, UndecodableRecord } from '../connector.ts';
import { TestConnectorHost } from '../connector-host.fixture.ts';
import { files } from './index.ts';
import type { FilesOptions } from './index.ts';

const Numbered = t.row({ n: t.int });
interface Numbered {
  readonly n: number;
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'headwater-files-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const source = (more: Partial<FilesOptions<Numbered>> = {}) =>
  files({ location: folder, schema: Numbered, ...more });

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `${JSON.stringify({ n: from + index })}\n`).join('');

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

function discover(more: Partial<FilesOptions<Numbered>> = {}): Promise<readonly Split[]> {
  return source(more).enumerator(new TestConnectorHost()).discover(new Map());
}

class Reading {
  readonly reader: SplitReader<Numbered>;
  readonly numbers: number[] = [];
  readonly undecodable: UndecodableRecord[] = [];
  readonly order: string[] = [];
  readonly #batch;

  constructor(splits: readonly Split[], more: Partial<FilesOptions<Numbered>> = {}, batchSize = 256) {
    this.#batch = recordBatch(batchSize);
    this.reader = source(more).reader(new TestConnectorHost(), 0);
    for (const split of splits) this.reader.add(split);
  }

  /** Polls until `enough`, as often as the reader says that there is something. */
  async until(enough: (reading: this) => boolean): Promise<this> {
    let { promise, resolve } = Promise.withResolvers<void>();
    this.reader.onAvailable(() => resolve());
    while (!enough(this)) {
      const polled = this.reader.poll(this.#batch);
      if (polled === undefined) {
        await promise;
        ({ promise, resolve } = Promise.withResolvers<void>());
        continue;
      }
      for (const value of this.#batch.values.slice(0, this.#batch.size))
        this.numbers.push((value as Numbered).n); // as its schema says
      this.undecodable.push(...(polled.undecodable ?? []));
      if (this.order.at(-1) !== polled.split) this.order.push(polled.split);
    }
    return this;
  }

  async toEnd(): Promise<this> {
    await this.until(({ reader }) => reader.positions().every(({ finished }) => finished === true));
    await this.reader.close();
    return this;
  }
}

describe('a source of files', () => {
  test('lists files of all folders by name, and none that is hidden', async () => {
    await mkdir(path.join(folder, 'b/_temporary'), { recursive: true });
    for (const name of ['c', 'a', 'b/2', 'b/1', '.crc', '_SUCCESS', 'b/_temporary/x'])
      await writeFile(path.join(folder, name), lines(0, 1));
    const splits = await discover();
    expect(splits.map(({ id }) => id.slice(0, id.indexOf('#')))).toEqual(['a', 'b/1', 'b/2', 'c']);
    const known = new Map(splits.map(({ id }) => [id, false]));
    await writeFile(path.join(folder, 'd'), lines(0, 1));
    expect(await source().enumerator(new TestConnectorHost()).discover(known)).toEqual([]);
  });

  test('passes over paused files and begins others instead', async () => {
    const names = 'abcdefghijkl'.split('');
    for (const name of names) await writeFile(path.join(folder, name), lines(0, 3));
    const splits = await discover();
    const reading = new Reading(splits, {}, 1);
    await reading.until(({ numbers }) => numbers.length === 1);
    const last = splits.slice(-2).map(({ id }) => id);
    reading.reader.pause?.(new Set(splits.slice(0, -2).map(({ id }) => id)));
    await reading.until(({ numbers }) => numbers.length === 1 + 2 * 3);
    expect([...new Set(reading.order.slice(1))].sort()).toEqual(last);
    reading.reader.pause?.(new Set());
    await reading.toEnd();
    expect(reading.numbers).toHaveLength(names.length * 3);
  });

  test('reads every line of every part once, wherever the parts are cut', async () => {
    await writeFile(path.join(folder, 'a'), `${lines(0, 40)}\r\n  \n${lines(40, 50)}{"n":50}`);
    for (let rangeBytes = 1; rangeBytes < 60; rangeBytes += 3) {
      const { numbers, undecodable } = await new Reading(await discover({ rangeBytes }), {
        rangeBytes,
      }).toEnd();
      expect([rangeBytes, numbers.sort((a, b) => a - b)]).toEqual([rangeBytes, range(0, 51)]);
      expect(undecodable).toEqual([]);
    }
  });

  test('goes on behind the last line of its positions, in parts and in compressed files', async () => {
    await writeFile(path.join(folder, 'plain'), lines(0, 100));
    await writeFile(path.join(folder, 'compressed.gz'), gzipSync(lines(100, 200)));
    const splits = await discover({ rangeBytes: 300 });
    for (let stop = 1; stop < 200; stop += 13) {
      const first = await new Reading(splits, {}, 7).until(({ numbers }) => numbers.length >= stop);
      const positions = first.reader.positions();
      await first.reader.close();
      const second = await new Reading(positions, {}, 7).toEnd();
      expect([...first.numbers, ...second.numbers].sort((a, b) => a - b)).toEqual(range(0, 200));
    }
  });

  test('reads files of many megabytes and lines across their chunks', async () => {
    const long = 'x'.repeat(700_000);
    const text = range(0, 12)
      .map((n) => `${JSON.stringify({ n, long })}\n`)
      .join('');
    await writeFile(path.join(folder, 'long'), text);
    await writeFile(path.join(folder, 'long.gz'), gzipSync(text));
    const { numbers } = await new Reading(await discover({ rangeBytes: 2_000_000 })).toEnd();
    expect(numbers.sort((a, b) => a - b)).toEqual([...range(0, 12), ...range(0, 12)].sort((a, b) => a - b));
  });

  test('keeps lines that are no records aside, with the place where they stand', async () => {
    await writeFile(path.join(folder, 'a'), `{"n":1}\n{"n":"x"}\n{"n":2}\nno json\n`);
    const { numbers, undecodable } = await new Reading(await discover()).toEnd();
    expect(numbers).toEqual([1, 2]);
    expect(undecodable).toMatchObject([
      { split: 'a#000000000000', position: '8', preview: '{"n":"x"}' },
      { position: '26', preview: 'no json' },
    ]);
  });

  test('reads files in turn, the earliest first where their names tell the time', async () => {
    for (let day = 1; day < 20; day++) await writeFile(path.join(folder, `${20 - day}`), lines(0, 600));
    const startTime = (name: string) => -Number(name);
    const splits = await discover({ startTime });
    expect(splits[0]?.id).toBe('19#000000000000');
    // As a checkpoint gives them back.
    const byName = [...splits].sort((left, right) => (left.id < right.id ? -1 : 1));
    const { order, numbers } = await new Reading(byName, { startTime }).toEnd();
    expect(order.lastIndexOf('1#000000000000')).toBeGreaterThan(order.lastIndexOf('19#000000000000'));
    expect(order.length).toBeGreaterThan(19);
    expect(numbers).toHaveLength(19 * 600);
    await expect(discover({ startTime: Number.parseInt })).resolves.toHaveLength(19);
    await expect(discover({ startTime: Date.parse.bind(undefined, 'x') })).rejects.toThrow(
      'startTime gives NaN for it',
    );
  });

  test('fails when a file was written again, is gone or is cut off', async () => {
    const name = path.join(folder, 'a');
    await writeFile(name, lines(0, 10));
    const splits = await discover();
    await utimes(name, 1, 1);
    expect(await failureOf(splits)).toContain('has been written again since it was listed');
    await rm(name);
    expect(await failureOf(splits)).toContain(`Cannot read file "${name}": there is none at this path`);
    await writeFile(path.join(folder, 'b.gz'), gzipSync(lines(0, 1000)).subarray(0, 200));
    expect(await failureOf(await discover())).toContain('"b.gz": it is not whole gzip data (Z_BUF_ERROR)');
  });

  test('fails with the folder when it is not there', async () => {
    await expect(discover({ location: path.join(folder, 'none') })).rejects.toThrow(
      `Cannot list files of "${folder}/none": there is none at this path`,
    );
  });

  test('tells that a place is empty, and ends', async () => {
    const host = new TestConnectorHost();
    expect(await source().enumerator(host).discover(new Map())).toEqual([]);
    expect(host.events).toMatchObject([{ level: 'warn', message: 'No file was found' }]);
  });

  test.each([
    ['gopher://x', 'its scheme is not known'],
    ['s3:///x', 'it names no bucket'],
    ['', 'it is empty'],
  ])('refuses the location "%s"', (location, reason) => {
    expect(() => source({ location })).toThrow(`Cannot read files at "${location}": ${reason}`);
  });
});

function failureOf(splits: readonly Split[]): Promise<string> {
  return new Reading(splits).toEnd().then(() => 'none', String);
}
