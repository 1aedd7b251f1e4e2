/**
 * Queries of state over HTTP while the job takes all that it can: how long they take, and what they cost the stream.
 *
 *   npm run bench -- state-query [--keys 1000000] [--per-second 100] [--json FILE]
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { InMemoryStorage } from '../engine/runtime/in-memory-storage.ts';
import { type RestServer, startRestServer } from '../engine/rest/server.ts';
import { processInfo, readResources } from '../engine/worker/resources.ts';
import { type Benchmark, median, quantile } from './benchmark.ts';
import { preciseNow } from './state/pulse.ts';
import { StateJob } from './state/state-job.ts';

const PHASE_MS = 4000;
const PAIRS = 5;
const SCAN_LIMIT = 100;

export const benchmark: Benchmark = {
  name: 'state-query',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        keys: { type: 'string', default: '1000000' },
        'per-second': { type: 'string', default: '100' },
      },
    });
    const [keys, perSecond] = [Number(values.keys), Number(values['per-second'])];
    const configuration = { keys, hotKeys: keys, ratePerSecond: 0, keyKind: 'number' as const };
    const job = await StateJob.start({ configuration, storage: new InMemoryStorage(), epoch: 1 });
    const server = await serve(job);
    try {
      await job.until(() => job.loaded !== undefined);
      await delay(1000);
      return await measure(job, new Asker(server, job, keys), perSecond);
    } finally {
      await server.close();
      await job.stop();
    }
  },
};

/** Phases with queries and phases without take turns, so that the machine's mood falls on both. */
async function measure(job: StateJob, asker: Asker, perSecond: number): ReturnType<Benchmark['run']> {
  const [points, scans, shares]: number[][] = [[], [], []];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const without = await rateOver(job, () => delay(PHASE_MS));
    const withThem = await rateOver(job, async () => {
      points?.push(...(await asker.askFor(PHASE_MS, perSecond, () => asker.point())));
    });
    shares?.push(1 - withThem / without);
    scans?.push(...(await asker.askFor(PHASE_MS / 4, perSecond / 10, () => asker.scan())));
  }
  const note = `${perSecond} a second, ${(points ?? []).length} in all`;
  return [
    { name: 'value of a key, p50', value: quantile(points ?? [], 0.5), unit: 'ms', note },
    { name: 'value of a key, p99', value: quantile(points ?? [], 0.99), unit: 'ms', note: 'aim 50' },
    { name: 'value of a key, longest', value: Math.max(...(points ?? [])), unit: 'ms' },
    { name: `page of ${SCAN_LIMIT} keys, p99`, value: quantile(scans ?? [], 0.99), unit: 'ms' },
    { name: 'throughput lost', value: 100 * median(shares ?? []), unit: '%', note: 'aim 2' },
  ];
}

/** Records a second while something is done. */
async function rateOver(job: StateJob, task: () => Promise<unknown>): Promise<number> {
  const [records, begun] = [job.records, preciseNow()];
  await task();
  return ((job.records - records) * 1000) / (preciseNow() - begun);
}

class Asker {
  readonly #url: string;
  readonly #keys: number;
  #asked = 0;

  constructor(server: RestServer, { job }: StateJob, keys: number) {
    this.#url = `http://127.0.0.1:${server.port}/jobs/${job.id}/state/totals/totals`;
    this.#keys = keys;
  }

  /** Asks so often, whether the last answer is there or not, and gives how long each took. */
  async askFor(ms: number, perSecond: number, ask: () => Promise<unknown>): Promise<number[]> {
    const [begun, times, open]: [number, number[], Promise<unknown>[]] = [preciseNow(), [], []];
    for (let due = begun; due < begun + ms; due += 1000 / perSecond) {
      await delay(Math.max(0, due - preciseNow()));
      const askedAt = preciseNow();
      open.push(ask().then(() => times.push(preciseNow() - askedAt)));
    }
    await Promise.all(open);
    return times;
  }

  async point(): Promise<void> {
    this.#asked += 1;
    const key = Math.imul(this.#asked, 0x9e3779b1) >>> 0;
    const { entries } = await this.#get(`?key=${key % this.#keys}`);
    if (entries.length !== 1) throw new Error(`Key ${key % this.#keys} has ${entries.length} entries`);
  }

  async scan(): Promise<void> {
    const { entries } = await this.#get(`?limit=${SCAN_LIMIT}`);
    if (entries.length !== SCAN_LIMIT) throw new Error(`A page has ${entries.length} entries`);
  }

  async #get(query: string): Promise<{ readonly entries: readonly unknown[] }> {
    const response = await fetch(this.#url + query);
    if (!response.ok) throw new Error(`The job answers ${response.status}: ${await response.text()}`);
    return (await response.json()) as { readonly entries: readonly unknown[] }; // the answer of a state
  }
}

function serve({ job }: StateJob): Promise<RestServer> {
  let triggers = 0;
  return startRestServer({
    job,
    clock: { now: () => Date.now() },
    storage: new InMemoryStorage(),
    bucket: 'bench',
    savepointDirectory: 'savepoints',
    newTriggerId: () => String((triggers += 1)).padStart(32, '0'),
    configuration: {},
    revision: 'bench',
    resources: readResources,
    options: { restart: { kind: 'none' }, checkpointIntervalMs: 0 },
    process: processInfo(),
    logs: { files: () => [], text: () => undefined },
    port: 0,
    host: '127.0.0.1',
    onError: (error) => {
      throw error;
    },
  });
}
