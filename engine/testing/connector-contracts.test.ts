/** The contracts of connectors over those that are built in, and over some that break them. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Source, TransactionalSink } from '../connectors/connector.ts';
import { fileSink, files } from '../connectors/files/index.ts';
import { generator } from '../connectors/generator/index.ts';
import { t } from '../data/built-in-types.ts';
import type { ContractCase } from './contract-case.ts';
import { sinkContract, type SinkUnderTest } from './sink-contract.ts';
import { sourceContract } from './source-contract.ts';

const Tick = t.row({ split: t.int, index: t.int });
interface Tick {
  readonly split: number;
  readonly index: number;
}

const COUNT = 60;
const ticks = [0, 1, 2].flatMap((split) => Array.from({ length: COUNT }, (_, index) => ({ split, index })));
const tickSource = (): Source<Tick> =>
  generator({ schema: Tick, record: (index, split) => ({ split, index }), count: COUNT, splits: 3 });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'headwater-contracts-'));
  const input = path.join(folder, 'input');
  await writeFile(input, ticks.map((tick) => `${JSON.stringify(tick)}\n`).join(''));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function run(cases: readonly ContractCase[]): void {
  for (const each of cases) test(each.name, () => each.run());
}

describe('the generator', () => {
  run(sourceContract({ source: tickSource, records: ticks }));
});

describe('files', () => {
  const source = () => files({ location: path.join(folder, 'input'), schema: Tick, rangeBytes: 1000 });
  run(sourceContract({ source, records: ticks }));
});

async function outputFolder(): Promise<SinkUnderTest<Tick>> {
  const place = await mkdtemp(path.join(folder, 'output-'));
  const location = path.join(place, 'files');
  return {
    sink: fileSink<Tick>({ location, schema: Tick, partition: { fields: ['split'] }, roll: { bytes: 500 } }),
    written: async () => {
      const entries = await readdir(location, { recursive: true, withFileTypes: true }).catch(() => []);
      const visible = entries.filter(
        (entry) => entry.isFile() && !path.join(entry.parentPath, entry.name).includes('.in-progress'),
      );
      const texts = await Promise.all(
        visible.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'utf8')),
      );
      return texts.flatMap((text) =>
        text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Tick),
      );
    },
  };
}

describe('the sink of files', () => {
  run(sinkContract({ guarantee: 'exactly-once', open: outputFolder, records: ticks }));
});

/** What a contract says of a connector that breaks it. */
async function breaches(cases: readonly ContractCase[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const each of cases) {
    await each.run().catch((error: unknown) => found.push(error instanceof Error ? error.message : ''));
  }
  return found;
}

describe('a contract', () => {
  test('finds out a source that forgets where it was', async () => {
    const source = (): Source<Tick> => {
      const sound = tickSource();
      return {
        ...sound,
        reader: (host, subtask) => {
          const reader = sound.reader(host, subtask);
          return Object.assign(Object.create(reader) as typeof reader, {
            add: (split: Parameters<typeof reader.add>[0]) => reader.add({ ...split, position: '' }),
            poll: (batch: Parameters<typeof reader.poll>[0]) => reader.poll(batch),
            positions: () => reader.positions(),
            onAvailable: (wake: () => void) => reader.onAvailable(wake),
            pause: (splits: ReadonlySet<string>) => reader.pause?.(splits),
            close: () => reader.close(),
          });
        },
      };
    };
    const found = await breaches(sourceContract({ source, records: ticks }));
    expect(found).toContainEqual(expect.stringMatching(/^Stopped behind \d+ records: .* are too many/));
  });

  test('finds out a sink that shows what is not committed', async () => {
    const found = await breaches(
      sinkContract({
        guarantee: 'exactly-once',
        open: () => Promise.resolve(hasty()),
        records: ticks.slice(0, 4),
      }),
    );
    expect(found).toContainEqual(expect.stringMatching(/^Before the commit: 0 records are missing/));
    expect(found).toContainEqual(expect.stringMatching(/^Restored from nothing/));
  });
});

/** Writes at once, and calls that a transaction. */
function hasty(): SinkUnderTest<Tick> {
  const shown: Tick[] = [];
  const done = () => Promise.resolve();
  const sink: TransactionalSink<Tick> = {
    connector: 'hasty',
    guarantee: 'exactly-once',
    options: {},
    writer: () => ({
      write: (tick) => shown.push(tick),
      pending: 0,
      highWater: 1,
      flush: done,
      prepare: () => Promise.resolve({ committables: [], unfinished: [] }),
      onAvailable: () => {},
      close: done,
    }),
    committer: () => ({ commit: done, recover: done, close: done }),
  };
  return { sink, written: () => Promise.resolve([...shown]) };
}
