/**
 * Nexmark's queries as jobs, from memory and from JSON lines; with `--flink` also on Apache Flink, on the same events.
 *
 *   npm run bench -- nexmark --queries q0,q5 --source memory --events 4000000 --runs 3 --flink --json FILE
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Benchmark, Measurement } from './benchmark.ts';
import { digestOf, finalRows, type RowsDigest } from './nexmark/final-rows.ts';
import { type FlinkInstallation, installFlink } from './nexmark/flink/install.ts';
import { measureFlink } from './nexmark/flink/measure.ts';
import { cacheFolder, eventFolder } from './nexmark/json-lines.ts';
import { isQueryName, queries, type QueryName } from './nexmark/queries.ts';
import { type Measured, measure } from './nexmark/runs.ts';

const STREAM = { seed: 1, rate: 100_000 };
/** Events before those that are measured, for both engines. */
const WARM_UP = 2_000_000;
const EVENTS = { memory: 4_000_000, json: 2_000_000 } as const;
const RUNS = 3;
const AIM_RATIO = 5;

type Source = 'memory' | 'json';

/** M events per CPU second of Flink 2.3.0 on a machine like ours: one slot, heap backend. For runs without Flink. */
const ANCHORS: Readonly<Record<Source, Readonly<Partial<Record<QueryName, number>>>>> = {
  memory: {
    q0: 1.07,
    q1: 1.14,
    q2: 1.18,
    q3: 1.03,
    q4: 0.2,
    q5: 0.34,
    q7: 0.13,
    q8: 0.86,
    q9: 0.15,
    q11: 0.39,
    q12: 0.64,
    q17: 0.38,
    q18: 0.26,
    q19: 0.25,
    q20: 0.23,
    bidcount: 1,
  },
  json: { q0: 0.39, q3: 0.33, q4: 0.17, q5: 0.22, q7: 0.13, q12: 0.28, q18: 0.26, bidcount: 0.44 },
};

interface Asked {
  readonly names: readonly QueryName[];
  readonly sources: readonly Source[];
  readonly events: number | undefined;
  readonly warmUp: number;
  readonly runs: number;
  readonly flink: boolean;
}

export const benchmark: Benchmark = {
  name: 'nexmark',
  async run(args) {
    const asked = askedBy(args);
    const flink = asked.flink ? installFlink(cacheFolder()) : undefined;
    const measurements: Measurement[] = [];
    for (const source of asked.sources) {
      console.log(`\nFrom ${source}, one slot; figures in M events per CPU second and MB`);
      console.log(heading(flink !== undefined));
      for (const query of asked.names) measurements.push(...(await compare(query, source, asked, flink)));
    }
    console.log('');
    return measurements;
  },
};

// oxlint-disable-next-line max-params -- the place in the table, and what all of it has in common
async function compare(
  query: QueryName,
  source: Source,
  { events = EVENTS[source], warmUp, runs }: Asked,
  flink: FlinkInstallation | undefined,
): Promise<Measurement[]> {
  const all = { ...STREAM, query, events: events + warmUp, warmUp, splits: 1 };
  const folder = source === 'memory' ? '' : eventFolder(all);
  const ours = await measure({ ...all, folder }, runs);
  const theirs = flink && (await measureFlink(flink, { ...all, folder, runs }));
  const rows = await rowsVerdict(query);
  const anchor = theirs?.eventsPerCpuSecond ?? (ANCHORS[source][query] ?? Number.NaN) * 1e6;
  console.log(line(query, ours, theirs, anchor, rows));
  return figures(`${query} ${source}`, ours, theirs, { anchor, rows });
}

function askedBy(args: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      queries: { type: 'string' },
      source: { type: 'string' },
      events: { type: 'string' },
      'warm-up': { type: 'string' },
      runs: { type: 'string' },
      flink: { type: 'boolean', default: false },
    },
  });
  const names = values.queries?.split(',') ?? Object.keys(queries);
  const unknown = names.find((name) => !isQueryName(name));
  if (unknown !== undefined) {
    throw new Error(`Cannot run query "${unknown}": the queries are ${Object.keys(queries).join(', ')}`);
  }
  return {
    names: names.filter(isQueryName),
    sources:
      values.source === undefined ? ['memory', 'json'] : [values.source === 'json' ? 'json' : 'memory'],
    events: values.events === undefined ? undefined : Number(values.events),
    warmUp: Number(values['warm-up'] ?? WARM_UP),
    runs: Number(values.runs ?? RUNS),
    flink: values.flink,
  };
}

/** Whether the rows of 100,000 events are those of Flink; '-' where there is no oracle, see README.md. */
async function rowsVerdict(query: QueryName): Promise<string> {
  const summary = JSON.parse(
    readFileSync(new URL('nexmark/expected/summary.json', import.meta.url), 'utf8'),
  ) as { readonly queries: Readonly<Record<string, RowsDigest>> }; // written by Flink once
  const expected = summary.queries[query];
  if (expected === undefined) return '-';
  const stream = { seed: 1, rate: 1000, events: 100_000 };
  const found = digestOf(await finalRows({ ...stream, query, splits: 1, folder: '', warmUp: 0 }));
  return found.sha256 === expected.sha256 ? 'equal' : 'OTHER';
}

const WIDTHS = [10, 9, 9, 7, 7, 8, 8, 7, 7] as const;

function heading(hasFlink: boolean): string {
  return cells([
    'query',
    'ours',
    hasFlink ? 'Flink' : 'anchor',
    'ratio',
    'rows',
    'MB',
    'Flink MB',
    'share',
    'other',
  ]);
}

// oxlint-disable-next-line max-params -- what a line shows
function line(
  query: string,
  ours: Measured,
  theirs: Measured | undefined,
  anchor: number,
  rows: string,
): string {
  const ratio = ours.eventsPerCpuSecond / anchor;
  const share = theirs === undefined ? '' : (ours.peakRssMb / theirs.peakRssMb).toFixed(2);
  return cells([
    query,
    (ours.eventsPerCpuSecond / 1e6).toFixed(2),
    Number.isNaN(anchor) ? '-' : (anchor / 1e6).toFixed(2),
    Number.isNaN(ratio) ? '-  ' : `${ratio.toFixed(1)}${ratio < AIM_RATIO ? ' <' : '  '}`,
    rows,
    ours.peakRssMb.toFixed(0),
    theirs?.peakRssMb.toFixed(0) ?? '',
    share,
    Math.max(ours.otherCores, theirs?.otherCores ?? 0).toFixed(2),
  ]);
}

function cells(texts: readonly string[]): string {
  return texts
    .map((text, index) => (index === 0 ? text.padEnd(WIDTHS[0]) : text.padStart(WIDTHS[index] ?? 0)))
    .join(' ');
}

function figures(
  name: string,
  ours: Measured,
  theirs: Measured | undefined,
  { anchor, rows }: { readonly anchor: number; readonly rows: string },
): Measurement[] {
  const one = (engine: string, { eventsPerCpuSecond, eventsPerSecond, peakRssMb, otherCores }: Measured) => [
    {
      name: `${name}, ${engine}`,
      value: eventsPerCpuSecond,
      unit: 'events/CPU s',
      note: `${Math.round(eventsPerSecond).toLocaleString('en')} events/s, ${otherCores.toFixed(2)} cores used by others`,
    },
    { name: `${name}, ${engine}, memory`, value: peakRssMb, unit: 'MB' },
  ];
  return [
    ...one('Headwater', ours),
    ...(theirs === undefined ? [] : one('Flink', theirs)),
    ...(Number.isNaN(anchor) ? [] : [ratioOf(name, ours, theirs, { anchor, rows })]),
  ];
}

function ratioOf(
  name: string,
  ours: Measured,
  theirs: Measured | undefined,
  { anchor, rows }: { readonly anchor: number; readonly rows: string },
): Measurement {
  return {
    name: `${name}, ratio`,
    value: ours.eventsPerCpuSecond / anchor,
    unit: theirs === undefined ? 'of the anchor' : 'of Flink',
    note: `aim ${AIM_RATIO}; rows ${rows}`,
  };
}
