/**
 * What the engine does with streams, a core: Nexmark-like queries from memory, through the chains that jobs run, and
 * as loops that were written for each query alone; both in the same thread, round by round.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Benchmark, Measurement } from './benchmark.ts';
import { queries } from './streams/queries.ts';
import type { Query } from './streams/query.ts';
import { type JobRate, jobRate } from './streams/threads.ts';
import type { RoundTimes } from './streams/rounds.ts';

export const benchmark: Benchmark = {
  name: 'streams',
  async run() {
    const only = process.env['BENCH_QUERY'];
    const measured: Measurement[] = [];
    for (const query of queries.filter(({ name }) => only === undefined || name.includes(only))) {
      measured.push(...figuresOf(query, await roundsOf(query)));
      if (query.shuffles) measured.push(jobFigure(query, await jobRate(query.name)));
    }
    return measured;
  },
};

/** A thread of its own for every query, as jobs have: queries must not share what V8 learned of their types. */
async function roundsOf({ name }: Query): Promise<RoundTimes> {
  const worker = new Worker(new URL('streams/rounds.ts', import.meta.url), { workerData: name });
  const [times] = (await once(worker, 'message')) as [RoundTimes]; // its only message
  await worker.terminate();
  return times;
}

function figuresOf({ name, aim }: Query, { engine, byHand, rowsPerEvent }: RoundTimes): Measurement[] {
  const target = aim === undefined ? '' : `, aim ${aim.toLocaleString('en')}`;
  return [
    {
      name,
      value: 1e9 / engine,
      unit: 'records/s',
      note: `${engine.toFixed(0)} ns, by hand ${byHand.toFixed(0)} ns, ${rowsPerEvent.toFixed(2)} rows a record${target}`,
    },
    { name: `${name}, ratio`, value: byHand / engine, unit: 'of by hand' },
  ];
}

function jobFigure({ name }: Query, { perCoreSecond, perSecond }: JobRate): Measurement {
  return {
    name: `${name}, two threads`,
    value: perCoreSecond,
    unit: 'records/s and core',
    note: `${Math.round(perSecond).toLocaleString('en')} records/s by the clock`,
  };
}
