/** Whole jobs over files: what they give is what the job over the live stream gave. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { t } from '../../data/built-in-types.ts';
import { application, count, sum, tumbling } from '../../index.ts';
import { expectedTotals, paymentOf, TotalsTable, type Payment } from '../../runtime/counting.fixture.ts';
import { startJob } from '../../runtime/job.ts';
import { machineHost } from '../../runtime/machine.fixture.ts';
import { files } from './index.ts';
import type { FilesOptions } from './index.ts';

const Payment = t.row({ country: t.string, amount: t.double, at: t.instant });
const SPLITS = 3;
const COUNT = 2000;
const FILE_PAYMENTS = 250;
const DISORDER_MS = 3000;
const expected = expectedTotals(SPLITS, COUNT);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'headwater-bounded-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The payments of every split in files of their own, each the next part of it. */
async function record(nameOf: (part: number, split: number) => string): Promise<void> {
  for (let split = 0; split < SPLITS; split += 1) {
    for (let first = 0; first < COUNT; first += FILE_PAYMENTS) {
      const payments = Array.from({ length: FILE_PAYMENTS }, (_, index) => paymentOf(first + index, split));
      const text = payments.map((payment) => `${JSON.stringify(payment)}\n`).join('');
      const name = nameOf(first / FILE_PAYMENTS, split);
      await writeFile(path.join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
    }
  }
}

interface Outcome {
  readonly table: TotalsTable;
  /** Rows that were written when the last payment was counted. */
  readonly writesBeforeEnd: number;
  /** How often a payment was counted, those after a restore again. */
  readonly counted: number;
}

async function run(more: Partial<FilesOptions<Payment>>, failAt = 0): Promise<Outcome> {
  const table = new TotalsTable();
  const host = machineHost();
  let [counted, writesBeforeEnd] = [0, 0];
  const watch = (payment: Payment): Payment => {
    counted += 1;
    if (counted === failAt) throw new Error(`failure at payment ${counted}`);
    if (counted === SPLITS * COUNT) writesBeforeEnd = table.writes;
    return payment;
  };
  const program = application('counting', {
    build({ source }) {
      const payments = files({ location: folder, schema: Payment, time: ({ at }) => at, ...more });
      source('payments', payments, { watermark: '3 seconds', idle: '1 ms' })
        .map(watch, 'watch')
        .keyBy(({ country }) => country)
        .window(tumbling('1 minute'))
        .aggregate('per-country', { payments: count(), volume: sum(({ amount }) => amount) })
        .to(table.sink(0), 'totals');
    },
  });
  const jobId = '1'.repeat(32);
  const job = startJob(
    {
      jobId,
      name: 'counting',
      application: { application: program },
      configuration: {},
      parallelism: 2,
      checkpointIntervalMs: 5,
      epoch: 1,
      prefix: 'd',
      restore: { kind: 'latest-checkpoint' },
      restart: { kind: 'exponential-delay', initialDelayMs: 1 },
      threads: false,
    },
    host,
  );
  expect(await job.ended).toEqual({ state: 'FINISHED', fenced: false });
  return { table, writesBeforeEnd, counted };
}

describe('a job over files', () => {
  test('gives the totals of the live job and finishes, whatever the names say about time', async () => {
    await record((part, split) => `${split}-${100 - part}`);
    const { table } = await run({});
    expect(table.rows).toEqual(expected);
    // Every window fired once: nothing was late.
    expect(table.writes).toBe(expected.size);
  });

  test('ends windows while it reads files whose names tell their time', async () => {
    await record((part, split) => `${part}-${split}.jsonl${split === 0 ? '.gz' : ''}`);
    const startTime = (name: string) =>
      paymentOf(Number.parseInt(name, 10) * FILE_PAYMENTS, 0).at - DISORDER_MS;
    const { table, writesBeforeEnd } = await run({ startTime });
    expect(table.rows).toEqual(expected);
    expect(table.writes).toBe(expected.size);
    // How many depends on the machine; where names tell nothing, no window ends before the last file is open.
    expect(writesBeforeEnd).toBeGreaterThan(0);
  });

  test.each([700, 2500, 5600])('counts every payment once when it fails at payment %i', async (failAt) => {
    await record((part, split) => `${part}-${split}${split === 0 ? '.gz' : ''}`);
    const { table, counted } = await run({ rangeBytes: 5000 }, failAt);
    expect(table.rows).toEqual(expected);
    expect(counted).toBeGreaterThan(SPLITS * COUNT);
  });
});
