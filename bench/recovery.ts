/**
 * How soon a job with 100 MB of state goes on: after `kill -9` of its worker on the local platform, beside a savepoint,
 * and with another parallelism.
 *
 *   npm run bench -- recovery [--only kill,savepoint,rescale] [--json FILE]
 */
import { parseArgs } from 'node:util';
import type { Benchmark, Measurement } from './benchmark.ts';
import { measureKills } from './recovery/kill-worker.ts';
import { measureRescale, measureSavepoint } from './recovery/live-job.ts';

const PARTS: Readonly<Record<string, () => Promise<readonly Measurement[]>>> = {
  kill: measureKills,
  savepoint: measureSavepoint,
  rescale: measureRescale,
};

export const benchmark: Benchmark = {
  name: 'recovery',
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { only: { type: 'string' } } });
    const measurements: Measurement[] = [];
    for (const [name, measure] of Object.entries(PARTS)) {
      if (values.only?.split(',').includes(name) !== false) measurements.push(...(await measure()));
    }
    return measurements;
  },
};
