import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileCountingConfiguration } from './counting-application.fixture.ts';
import { expectedTotals } from './counting.fixture.ts';
import { startJob } from './job.ts';
import type { JobOptions } from './job-options.ts';
import { machineHost, until } from './machine.fixture.ts';

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
    restart: { kind: 'exponential-delay', initialDelayMs: 10 },
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
  const lines = (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .trim()
    .split('\n')
    .filter((line) => line !== '');
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
  }, 90_000);

  it('aligns sources and awaits answers on either thread', async () => {
    const configuration = { splits: 4, count: 400, file: join(folder, 'totals.jsonl') };
    const module = new URL('./lookups-application.fixture.ts', import.meta.url).href;
    const options = optionsOf(configuration, { application: { module } });
    const job = startJob(
      { ...options, configuration: { file: configuration.file, count: 400 } },
      machineHost(),
    );
    expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
    expect(totalsIn(configuration.file)).toEqual(expectedTotals(4, 400));
  }, 90_000);

  it('is FAILED with the fault of the thread that threw, when it may not restart', async () => {
    const host = machineHost();
    const configuration = { splits: 2, count: 10_000, file: join(folder, 'totals.jsonl'), poison: 500 };
    const job = startJob(optionsOf(configuration, { restart: { kind: 'none' } }), host);
    expect(await job.ended).toMatchObject({
      state: 'FAILED',
      failure: {
        name: 'RangeError',
        message: 'Operator "watch" failed: payment 500 is poison',
        operator: 'watch',
        record: expect.stringContaining('"country"'),
      },
    });
  }, 90_000);

  it('goes on from its checkpoint when a thread dies', async () => {
    const file = join(folder, 'totals.jsonl');
    const host = machineHost();
    const configuration = {
      splits: 2,
      count: 3000,
      ratePerSecond: 3000,
      file,
      poison: 1500,
      diedFile: join(folder, 'died'),
    };
    const job = startJob(optionsOf(configuration), host);
    expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
    expect(totalsIn(file)).toEqual(expectedTotals(2, 3000));
    const { restarts, firstFault, checkpoints } = job.status();
    expect([restarts, firstFault?.message]).toEqual([1, 'The thread of a slot ended with exit code 3']);
    expect(checkpoints.counts.restored).toBe(1);
  }, 90_000);

  it.each([
    [
      'blocks',
      'BlockedError',
      /^The thread of subtask \d was ended: "payments -> watch" has been at one batch of records for \d+ s/,
    ],
    ['fills', 'SlotOutOfMemoryError', /^The thread of a slot needs more than its 256 MB of heap/],
  ] as const)(
    'goes on from its checkpoint when the program %s its thread',
    async (does, name, message) => {
      const file = join(folder, 'totals.jsonl');
      const diedFile = join(folder, 'died');
      const configuration = {
        splits: 2,
        count: 3000,
        ratePerSecond: 3000,
        file,
        poison: 1500,
        does,
        diedFile,
      };
      const host = machineHost();
      const watchdog = { reportAfterMs: 200, restartAfterMs: does === 'blocks' ? 600 : 0 };
      const job = startJob(optionsOf(configuration, { watchdog }), host);
      expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
      expect(totalsIn(file)).toEqual(expectedTotals(2, 3000));
      const { restarts, firstFault } = job.status();
      expect(restarts).toBe(1);
      expect(firstFault).toMatchObject({ name, message: expect.stringMatching(message) });
      const blocked = host.events.find(({ type }) => type === 'slot-blocked');
      if (does === 'blocks') expect(blocked).toMatchObject({ vertex: 'payments -> watch' });
    },
    90_000,
  );

  it('restarts when nothing is under way any more that the attempt before has sent', async () => {
    const service = await slowService(800);
    const configuration = {
      splits: 2,
      count: 3000,
      ratePerSecond: 3000,
      file: '',
      poison: 1500,
      does: 'throws' as const,
      diedFile: join(folder, 'died'),
      service: service.url,
    };
    const job = startJob(optionsOf(configuration), machineHost());
    expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
    service.close();
    expect(job.status().restarts).toBe(1);
    // Who is heard of later belongs to a later attempt, and nothing of an earlier one lands from then on.
    for (const subtask of ['0', '1']) {
      const own = service.log.filter((line) => line.subtask === subtask);
      const [first, second] = [...new Set(own.map(({ writer }) => writer))];
      expect(second).toBeDefined();
      const begins = own.findIndex(({ writer }) => writer === second);
      expect(own.slice(begins).filter(({ writer }) => writer === first)).toEqual([]);
    }
  }, 90_000);

  it('stops with a savepoint and goes on from it on three threads', async () => {
    const file = join(folder, 'totals.jsonl');
    const host = machineHost();
    const configuration = { splits: 4, count: 20_000, file };
    const first = startJob(optionsOf({ ...configuration, ratePerSecond: 4000 }), host);
    await until(() => first.status().checkpoints.counts.completed > 0);
    first.savepoint({ directory: 's/1', stop: true, triggerId: 't' });
    expect(await first.ended).toEqual({ state: 'FINISHED', fenced: false });
    expect(first.savepointStatus('t')).toMatchObject({ status: 'completed', location: 's/1' });
    expect(totalsIn(file)).not.toEqual(expectedTotals(4, 20_000));
    const restore = { kind: 'manifest', location: 's/1' } as const;
    const second = startJob(optionsOf(configuration, { restore, parallelism: 3 }), host);
    expect(await second.ended).toEqual({ state: 'FINISHED', fenced: false });
    expect(totalsIn(file)).toEqual(expectedTotals(4, 20_000));
  }, 90_000);
});

/** Takes what it is told at once, and does it so much later, whatever has become of who told it. */
async function slowService(delayMs: number) {
  const log: { readonly subtask: string; readonly writer: string; readonly what: 'heard' | 'done' }[] = [];
  const server = createServer(({ url = '' }, response) => {
    const [, subtask = '', writer = ''] = url.split('/');
    log.push({ subtask, writer, what: 'heard' });
    setTimeout(() => {
      log.push({ subtask, writer, what: 'done' });
      response.end();
    }, delayMs);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://127.0.0.1:${port}`, log, close: () => server.close() };
}
