/**
 * How long records are on their way from source to sink, at half of the load that the job could take, with a gigabyte
 * of state and checkpoints every five seconds.
 *
 *   npm run bench -- latency [--keys 8000000] [--seconds 30] [--json FILE]
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import type { LatencyFigures, LatencyRunOptions } from './state/latency-figures.ts';

/** With 120 bytes a key about a gigabyte. */
const KEYS = '8000000';
const SECONDS = '30';

const runFile = promisify(execFile);

export const benchmark: Benchmark = {
  name: 'latency',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { keys: { type: 'string', default: KEYS }, seconds: { type: 'string', default: SECONDS } },
    });
    const options: LatencyRunOptions = { keys: Number(values.keys), seconds: Number(values.seconds) };
    const entry = new URL('state/latency-run.ts', import.meta.url).pathname;
    const { stdout } = await runFile(process.execPath, [entry, JSON.stringify(options)]);
    const found = JSON.parse(stdout) as LatencyFigures; // printed by latency-run.ts
    const note = `${(found.stateBytes / 1e9).toFixed(2)} GB of state, ${found.checkpoints} checkpoints`;
    return [
      { name: 'load that the job can take', value: found.capacity, unit: 'records/s' },
      { name: 'load', value: found.rate, unit: 'records/s', note },
      { name: 'delay, p50', value: found.p50, unit: 'ms' },
      { name: 'delay, p99', value: found.p99, unit: 'ms', note: 'aim 10' },
      { name: 'delay, p99.9', value: found.p999, unit: 'ms' },
      { name: 'delay, longest', value: found.max, unit: 'ms' },
    ];
  },
};
