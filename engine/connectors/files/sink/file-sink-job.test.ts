/** Whole jobs that write files, killed wherever the seeds like. */
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it, test } from 'vitest';
import { t } from '../../../data/built-in-types.ts';
import { Deployment } from '../../../runtime/job-runs.fixture.ts';
import { SimulatedHost } from '../../../runtime/simulated-host.ts';
import { application } from '../../../stream/application.ts';
import type { Infer } from '../../../data/schema.ts';
import { generator } from '../../generator/index.ts';
import { avro } from '../../formats/avro.ts';
import { csv } from '../../formats/csv.ts';
import { jsonEncoder } from '../../formats/json-encoder.ts';
import { parquet } from '../../formats/parquet.ts';
import type { FileForm } from '../../formats/file-form.ts';
import type { FileWriterOptions, Rolling } from './file-writer.ts';
import { folderOf } from './folder-of.ts';
import { lineForm } from '../../formats/line-form.ts';
import { MemoryFiles } from './memory-target.fixture.ts';

const Click = t.row({ id: t.string, country: t.string, at: t.instant });
type Click = Infer<typeof Click>;

const SPLITS = 3;
const COUNT = 100;
const SEEDS = 8;
const everyId = Array.from({ length: SPLITS * COUNT }, (_, index) =>
  idOf(index % COUNT, Math.floor(index / COUNT)),
).toSorted();

function idOf(index: number, split: number): string {
  return `${split}/${index}`;
}

function clickOf(index: number, split: number): Click {
  return { id: idOf(index, split), country: ['DE', 'FR', 'CH'][index % 3] ?? '', at: index * 1000 };
}

const never: Rolling = { bytes: Infinity, intervalMs: Infinity, onCheckpoint: false };
const jsonLines = lineForm<Click>({
  name: 'json-lines',
  extension: '.jsonl',
  encode: jsonEncoder(Click),
});

interface Case {
  readonly title: string;
  readonly form: FileForm<Click>;
  readonly rolling: Rolling;
  readonly compressed?: boolean;
  /** Fewer where work is done beside the simulated clock, in threads of the machine. */
  readonly seeds?: number;
  readonly read: (content: Buffer) => readonly string[] | Promise<readonly string[]>;
}

const cases: readonly Case[] = [
  { title: 'JSON lines, one file to the end', form: jsonLines, rolling: never, read: idsOfJson },
  {
    title: 'JSON lines, rolled by size',
    form: jsonLines,
    rolling: { ...never, bytes: 700 },
    read: idsOfJson,
  },
  {
    title: 'JSON lines, rolled by time',
    form: jsonLines,
    rolling: { ...never, intervalMs: 15 },
    read: idsOfJson,
  },
  {
    title: 'JSON lines, rolled by checkpoint',
    form: jsonLines,
    rolling: { ...never, onCheckpoint: true },
    read: idsOfJson,
  },
  {
    title: 'compressed JSON lines',
    form: jsonLines,
    rolling: { ...never, bytes: 2000 },
    compressed: true,
    seeds: 3,
    read: (content) => idsOfJson(gunzipSync(content)),
  },
  {
    title: 'CSV',
    form: lineForm<Click>({ name: 'csv', extension: '.csv', encode: csv().encoder(Click) }),
    rolling: { ...never, bytes: 2000 },
    read: (content) => linesOf(content).map((line) => line.split(',')[0] ?? ''),
  },
  {
    title: 'Avro',
    form: avro().form(Click),
    rolling: { ...never, intervalMs: 20 },
    // A record begins with the length of its id, which begins with the split.
    read: (content) => content.toString('latin1').match(/\d\/\d+/g) ?? [],
  },
  {
    title: 'Parquet',
    form: parquet().form(Click),
    rolling: never,
    seeds: 3,
    read: idsOfParquet,
  },
];

const seen = { deaths: 0, files: 0, discarded: 0 };

describe.each(cases)('files of $title', (each) => {
  it('hold every record once, whatever befalls the job', { timeout: 60_000 }, async () => {
    for (let seed = 0; seed < (each.seeds ?? SEEDS); seed += 1) await liveAndDie(seed, each);
  });
});

test('the cases above were put to the test', () => {
  expect(seen.deaths).toBeGreaterThan(SEEDS);
  expect(seen.files).toBeGreaterThan(SEEDS * cases.length * 3);
  expect(seen.discarded).toBeGreaterThan(cases.length);
});

async function liveAndDie(seed: number, { form, rolling, compressed = false, read }: Case): Promise<void> {
  const files = new MemoryFiles();
  const deployment = new Deployment();
  const dice = new SimulatedHost({ seed: seed * 7919 });
  const program = writing(files, { form, rolling, compressed });
  for (let ended = false; !ended;) {
    const parallelism = 1 + ((seed + deployment.epoch) % 3);
    const run = await deployment.start({}, { application: { application: program }, parallelism }, seed);
    const lifeMs = deployment.epoch < 4 ? 20 + Math.floor(dice.random() * 60) : 3_600_000;
    ended = await run.host.runUntil(() => run.end !== undefined, lifeMs);
    seen.discarded += run.host.events.filter(
      (event) => event.type === 'connector' && event.message.includes('discarded'),
    ).length;
    if (!ended) seen.deaths += 1;
    else expect([seed, run.end]).toEqual([seed, { state: 'FINISHED', fenced: false }]);
  }
  seen.files += files.visible.size;
  const ids = (await Promise.all([...files.visible.values()].map(async (content) => read(content)))).flat();
  expect([seed, ids.toSorted()]).toEqual([seed, everyId]);
  // What dead jobs had begun is gone; what the last savepoint would need is not there, since none was taken.
  expect([seed, [...files.hidden.keys()]]).toEqual([seed, []]);
}

function writing(
  files: MemoryFiles,
  options: Pick<FileWriterOptions<Click>, 'form' | 'rolling' | 'compressed'>,
) {
  return application('archive', {
    build({ source }) {
      const clicks = generator({
        schema: Click,
        record: clickOf,
        count: COUNT,
        splits: SPLITS,
        ratePerSecond: 4000,
      });
      const partition = folderOf<Click>({ fields: ['country'], day: ({ at }) => at });
      source('clicks', clicks).to(
        files.sink({ ...options, folderOf: partition, openFilesMax: 2 }),
        'archive',
      );
    },
  });
}

function idsOfJson(content: Buffer): readonly string[] {
  return linesOf(content).map((line) => (JSON.parse(line) as Click).id);
}

function linesOf(content: Buffer): readonly string[] {
  return content.toString().trimEnd().split('\n');
}

async function idsOfParquet(content: Buffer): Promise<readonly string[]> {
  const rows = await parquetReadObjects({ file: Uint8Array.from(content).buffer });
  return rows.map(({ id }) => String(id));
}
