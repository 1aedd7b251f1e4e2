/**
 * The payments demo under random `kill -9` of its worker, of the Lambda host and of the whole platform. Whatever was
 * killed when, every country's count of every minute must be the one that the simulator's own list of payments gives.
 *
 * SEED repeats a run.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { platform, type Platform } from '../platform.ts';
import { paymentsRun, sorted, type PaymentsRun } from './payments-run.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const PAYMENTS = 12_000;
const KILLS = 8;

/** mulberry32: small, and the same on every machine. */
let state = seed;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

let running: Platform;
let payments: PaymentsRun;

beforeAll(async () => {
  running = await platform('--no-demo');
  await running.start();
  const simulated = { seed, ratePerSecond: 300, skew: 1, lateShare: 0.01, corruptShare: 0.002 };
  payments = await paymentsRun(running, simulated, PAYMENTS);
});

afterAll(() => running.remove());

async function killAtRandom(): Promise<string[]> {
  const killed: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await delay(1500 + random() * 3500);
    const choice = random();
    if (choice < 0.5) {
      if (running.killChild('HEADWATER_WORKER_URL', random)) killed.push('worker');
    } else if (choice < 0.75) {
      if (running.killChild('lambda/host', random)) killed.push('Lambda host');
    } else {
      killed.push('platform');
      await running.kill();
      await running.start();
    }
  }
  return killed;
}

test('no payment is lost or counted twice under random kills', { timeout: 400_000 }, async () => {
  console.log(`SEED=${seed}`);
  const [killed] = await Promise.all([killAtRandom(), payments.emitAll()]);
  console.log(`killed: ${killed.join(', ')}`);
  expect(sorted(await payments.written())).toEqual(sorted(payments.expected()));
});
