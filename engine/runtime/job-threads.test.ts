import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileCountingConfiguration } from './counting-application.fixture.ts';
import { expectedTotals } from './counting.fixture.ts';
import { startJob } from './job.ts';
import type { JobOptions } from './job-options.ts';
import { machineHost } from './machine.fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-threads-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function optionsOf(configuration: FileCountingConfiguration, more: Partial<JobOptions> = {}): JobOptions {
  return {
    jobId: 'b'.repeat(32),
    name: 'counting',
    application: { module: new URL('./counting-application.fixture.ts', import.meta.url).href },
    configuration,
    parallelism: 2,
    checkpointIntervalMs: 100,
    epoch: 1,
    prefix: 'd',
    restore: { kind: 'latest-checkpoint' },
    restart: { initialDelayMs: 10 },
    threads: true,
    ...more,
  };
}

interface Total {
  readonly key: string;
  readonly start: number;
  readonly payments: number;
  readonly volume: number;
}

function totalsIn(file: string): ReadonlyMap<string, string> {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const totals = new Map<string, string>();
  for (const line of lines) {
    const { key, start, payments, volume } = JSON.parse(line) as Total;
    totals.set(`${key}/${start}`, `${payments}/${volume}`);
  }
  return new Map([...totals].sort(([left], [right]) => (left < right ? -1 : 1)));
}

describe('a job on two threads', () => {
  it('gives what a count by hand gives, and completes checkpoints meanwhile', async () => {
    const file = join(folder, 'totals.jsonl');
    const host = machineHost();
    const job = startJob(optionsOf({ splits: 3, count: 200_000, file }), host);
    expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
    expect(totalsIn(file)).toEqual(expectedTotals(3, 200_000));
    const { vertices, checkpoints } = job.status();
    expect(checkpoints.counts.completed).toBeGreaterThan(0);
    expect(vertices.map(({ name, subtasks }) => [name, subtasks.map(({ state }) => state)])).toEqual([
      ['payments -> watch', ['FINISHED', 'FINISHED']],
      ['per-country -> totals', ['FINISHED', 'FINISHED']],
    ]);
  }, 30_000);
});
