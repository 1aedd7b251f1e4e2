import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FileCountingConfiguration } from './counting-application.fixture.ts';
import { expectedTotals } from './counting.fixture.ts';
import { startJob } from './job.ts';
import { machineHost } from './machine.fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-unaligned-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a job on two threads counts every payment once when barriers overtake those in its rings and a thread dies', async () => {
  const file = join(folder, 'totals.jsonl');
  const count = 80_000;
  const configuration: FileCountingConfiguration = {
    splits: 4,
    count,
    file,
    poison: 100_000,
    diedFile: join(folder, 'died'),
  };
  const job = startJob(
    {
      jobId: 'b'.repeat(32),
      name: 'counting',
      application: { module: new URL('./counting-application.fixture.ts', import.meta.url).href },
      configuration,
      parallelism: 2,
      checkpointIntervalMs: 30,
      unalignedAfterMs: 0,
      epoch: 1,
      prefix: 'd',
      restore: { kind: 'latest-checkpoint' },
      restart: { kind: 'exponential-delay', initialDelayMs: 10 },
      threads: true,
    },
    machineHost(),
  );
  expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
  const { checkpoints, restarts } = job.status();
  expect([restarts, checkpoints.counts.restored]).toEqual([1, 1]);
  const overtaken = checkpoints.history
    .flatMap(({ vertices }) => Object.values(vertices))
    .flatMap(({ acknowledgements }) => acknowledgements)
    .filter(({ overtakenBytes = 0 }) => overtakenBytes > 0);
  expect(overtaken).not.toEqual([]);
  const totals = new Map<string, string>();
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const { key, start, payments, volume } = JSON.parse(line) as Record<string, string>;
    totals.set(`${key}/${start}`, `${payments}/${volume}`);
  }
  const expected = expectedTotals(4, count);
  const wrong = [...expected].filter(([key, row]) => totals.get(key) !== row);
  expect([totals.size, wrong.slice(0, 5)]).toEqual([expected.size, []]);
}, 90_000);
