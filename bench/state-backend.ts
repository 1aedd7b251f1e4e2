/**
 * State larger than memory: read-modify-write of a value cell on the disk backend, against the heap in the same run.
 *
 *   npm run bench -- state-backend [--keys 2000000] [--share 0.1] [--json FILE]
 *
 * `--share` is how much of the state fits into the memory of the backend. Files lie in the page cache, as they do in
 * production until state is larger than the machine's memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DiskBackend } from '#engine/state/disk/disk-backend.ts';
import { nodeFiles } from '#engine/state/disk/disk-files.ts';
import { type Benchmark, type Measurement, quantile } from './benchmark.ts';
import { type Cost, StateUnderLoad } from './state/state-under-load.ts';

const MB = 1 << 20;
/** What an entry takes in memory: a key of 16 characters, four numbers and a text. */
const ENTRY_BYTES = 400;
const CHANGES = 1_000_000;

export const benchmark: Benchmark = {
  name: 'state-backend',
  run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { keys: { type: 'string', default: '2000000' }, share: { type: 'string', default: '0.1' } },
    });
    const keys = Number(values.keys);
    const cacheBytes = keys * ENTRY_BYTES * Number(values.share);
    const directory = mkdtempSync(join(tmpdir(), 'state-backend-'));
    try {
      const backend = new DiskBackend({ files: nodeFiles(join(directory, 'state')), cacheBytes });
      const disk = measured('disk', new StateUnderLoad(keys, backend));
      const restored = restore(keys, join(directory, 'restored'), disk.load);
      backend.close();
      const heap = keys > 4_000_000 ? [] : measured('heap', new StateUnderLoad(keys)).figures;
      return Promise.resolve([...disk.figures, ...restored, ...heap]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
};

function measured(name: string, load: StateUnderLoad): { load: StateUnderLoad; figures: Measurement[] } {
  const inserted = load.insertAll();
  const uniform = load.change(CHANGES, 1);
  const warm = load.change(CHANGES, 0.05);
  const exact = load.verify(100_000);
  const figures: Measurement[] = [
    { name: `${name}, first write of a key`, value: inserted.us, unit: 'µs', note: cpu(inserted) },
    {
      name: `${name}, change, any key`,
      value: uniform.us,
      unit: 'µs',
      note: `${cpu(uniform)}; aim 4 on disk`,
    },
    { name: `${name}, change, a twentieth of the keys`, value: warm.us, unit: 'µs', note: cpu(warm) },
    {
      name: `${name}, batch of 256 changes, p99`,
      value: quantile(uniform.batchMs, 0.99),
      unit: 'ms',
    },
    { name: `${name}, batch of 256 changes, longest`, value: Math.max(...uniform.batchMs), unit: 'ms' },
    { name: `${name}, values that are not what they were`, value: exact.wrong, unit: '' },
    { name: `${name}, memory of the process`, value: process.memoryUsage().rss / MB, unit: 'MB' },
  ];
  return { load, figures };
}

/** On a machine with other work this says more than the clock. */
function cpu({ cpuUs }: Cost): string {
  return `${cpuUs.toFixed(1)} µs of processors`;
}

function restore(keys: number, directory: string, from: StateUnderLoad): Measurement[] {
  const snapshot = from.snapshot();
  const bytes = snapshot.parts.reduce((sum, part) => sum + part.bytes.byteLength, 0);
  const backend = new DiskBackend({ files: nodeFiles(directory), cacheBytes: 0 });
  const target = new StateUnderLoad(keys, backend);
  const startedAt = performance.now();
  target.restore(snapshot.parts);
  const seconds = (performance.now() - startedAt) / 1000;
  const { wrong } = target.verify(10_000, from);
  backend.close();
  return [
    { name: 'disk, snapshot', value: bytes / 1e9 / snapshot.seconds, unit: 'GB/s' },
    { name: 'disk, restore', value: bytes / 1e9 / seconds, unit: 'GB/s', note: 'aim 0.2' },
    { name: 'disk, restore, entries', value: keys / 1e6 / seconds, unit: 'M/s', note: 'aim 1.5' },
    { name: 'disk, restore, wrong values', value: wrong, unit: '' },
  ];
}
