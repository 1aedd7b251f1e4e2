/**
 * What checkpoints cost a job that changes its state as fast as it can: pauses, throughput, bytes and times.
 *
 *   npm run bench -- checkpoint [--keys 1000000,10000000] [--hot 100000] [--json FILE]
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import type { Benchmark, Measurement } from './benchmark.ts';
import type { CheckpointFigures, CheckpointRunOptions } from './state/checkpoint-figures.ts';

const KEYS = '1000000,10000000';
/** About ten megabytes of changes between two checkpoints. */
const HOT_KEYS = '100000';
const STRING_KEYS = 1_000_000;

const runFile = promisify(execFile);

export const benchmark: Benchmark = {
  name: 'checkpoint',
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { keys: { type: 'string', default: KEYS }, hot: { type: 'string', default: HOT_KEYS } },
    });
    const hotKeys = Number(values.hot);
    const numbers = values.keys.split(',').map(Number);
    const measurements: Measurement[] = [];
    for (const keys of numbers) {
      measurements.push(
        ...figures(await measure({ keys, keyKind: 'number', hotKeys }), { keys, keyKind: 'number', hotKeys }),
      );
    }
    const strings = { keys: Math.min(STRING_KEYS, ...numbers), keyKind: 'string', hotKeys } as const;
    measurements.push(...figures(await measure(strings), strings));
    return measurements;
  },
};

async function measure(options: CheckpointRunOptions): Promise<CheckpointFigures> {
  const entry = new URL('state/checkpoint-run.ts', import.meta.url).pathname;
  const { stdout } = await runFile(process.execPath, [entry, JSON.stringify(options)]);
  return JSON.parse(stdout) as CheckpointFigures; // printed by checkpoint-run.ts
}

function figures(found: CheckpointFigures, { keys, keyKind, hotKeys }: CheckpointRunOptions): Measurement[] {
  const of = `${(keys / 1e6).toLocaleString('en')} M ${keyKind} keys`;
  const { wholePauseMs, smallPauseMs, quietPauseMs } = found;
  const entriesAim = keyKind === 'number' ? 10 : 1.5;
  return [
    {
      name: `${of}, memory a key`,
      value: found.bytesPerKey,
      unit: 'bytes',
      note: `aim ${keyKind === 'number' ? 100 : 130}`,
    },
    { name: `${of}, pause, whole snapshot, p99`, value: wholePauseMs.p99, unit: 'ms', note: 'aim 1' },
    { name: `${of}, pause, whole snapshot, longest`, value: wholePauseMs.max, unit: 'ms', note: 'aim 5' },
    { name: `${of}, pause, changes only, p99`, value: smallPauseMs.p99, unit: 'ms', note: 'aim 1' },
    { name: `${of}, pause, changes only, longest`, value: smallPauseMs.max, unit: 'ms', note: 'aim 5' },
    {
      name: `${of}, pause, no snapshot, p99`,
      value: quietPauseMs.p99,
      unit: 'ms',
      note: 'of gaps of 0.2 ms and more',
    },
    { name: `${of}, pause, no snapshot, longest`, value: quietPauseMs.max, unit: 'ms' },
    {
      name: `${of}, throughput lost`,
      value: found.lostShare * 100,
      unit: '%',
      note: 'by a checkpoint every second; aim 5',
    },
    {
      name: `${of}, checkpoint of changes, p99`,
      value: found.smallMs,
      unit: 'ms',
      note: `${hotKeys.toLocaleString('en')} keys changed; aim 200`,
    },
    { name: `${of}, bytes a changed key`, value: found.smallBytes / hotKeys, unit: 'bytes' },
    {
      name: `${of}, whole checkpoint`,
      value: found.wholeMs,
      unit: 'ms',
      note: `${megabytes(found.wholeBytes)} MB`,
    },
    { name: `${of}, entries written`, value: keys / found.wholeMs / 1000, unit: 'M/s' },
    { name: `${of}, savepoint`, value: found.savepointMs, unit: 'ms' },
    {
      name: `${of}, entries restored`,
      value: keys / found.restoreMs / 1000,
      unit: 'M/s',
      note: `${found.restoreMs.toFixed(0)} ms; aim ${entriesAim}`,
    },
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
