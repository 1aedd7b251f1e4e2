/**
 * The payments demo under random verbs while its workers, the Lambda hosts and the whole platform are killed at random.
 * Afterwards the API must know the end of every operation that it acknowledged, and the counts must be those of the
 * simulator's own list of payments.
 *
 * SEED repeats a run as far as a machine does: who is killed when depends on how fast it is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { verbs, Verb } from '#contract/verbs.ts';
import { Dice } from '../model/schedule.ts';
import { platform, type Platform } from '../platform.ts';
import { violations } from './lifecycle-invariants.ts';
import { ask } from './lifecycle-verbs.ts';
import { paymentsRun, sorted, type PaymentsRun } from './payments-run.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const PAYMENTS = 6000;
const CHAOS_MS = 75_000;
const REST_MS = 100_000;
/** A run in which fewer operations were accepted proves nothing. */
const ACCEPTED_MIN = 4;
/** Longer than this nobody waits for them. */
const ASKING_MAX_MS = 300_000;
/** A platform that begins again answers within seconds, unless its machine has much else to do. */
const PATIENCE_MS = 180_000;
const FORKS_MAX = 1;
const DEPLOYMENT = 'payments';
const params = { namespace: 'default', deployment: DEPLOYMENT };

const dice = new Dice(seed);
const acknowledged = new Set<string>();
const story: string[] = [];
let running: Platform;
let payments: PaymentsRun;

beforeAll(async () => {
  running = await platform('--no-demo');
  await running.start();
  const simulated = { seed, ratePerSecond: 300, skew: 1, lateShare: 0, corruptShare: 0.002 };
  payments = await paymentsRun(running, simulated, PAYMENTS);
  await settledDeployment();
}, 600_000);

afterAll(() => running.remove());

/** Kills something every few seconds, and begins the platform again. */
async function killAtRandom(untilMs: number): Promise<void> {
  while (Date.now() < untilMs) {
    await delay(3000 + dice.below(5000));
    const choice = dice.next();
    if (choice < 0.4) {
      if (running.killChild('HEADWATER_WORKER_URL', () => dice.next())) story.push('killed a worker');
    } else if (choice < 0.75) {
      if (running.killChild('lambda/host', () => dice.next())) story.push('killed a Lambda host');
    } else {
      story.push('killed the platform');
      await running.kill();
      await running.start();
    }
  }
}

/** One verb after the other, mostly such as are allowed; on a slow machine for as long as it takes to get some accepted. */
async function askAtRandom(untilMs: number): Promise<void> {
  let forks = 0;
  const isOver = (): boolean => Date.now() > untilMs + (acknowledged.size < ACCEPTED_MIN ? ASKING_MAX_MS : 0);
  for (let number = 1; !isOver(); number += 1) {
    await delay(500 + dice.below(3500));
    const now = await patiently(() => running.client.get('getDeployment', { params }));
    const allowed = Verb.options.filter((verb) => verbs[verb].legalIn.includes(now.status.state));
    const verb = dice.of(dice.next() < 0.8 && allowed.length > 0 ? allowed : Verb.options);
    if (verb === 'fork' && (forks += 1) > FORKS_MAX) continue;
    await askFor(verb, `k${seed}-${number}`);
    if (now.deletion !== null) await bringBack();
  }
}

/** Asks until somebody answers, always with the same key, which must mean the same operation. */
async function askFor(verb: Verb, idempotencyKey: string): Promise<void> {
  // Thrown once: what is asked again under a key is what was asked before.
  const thrown = dice.below(1000);
  const asking = {
    client: running.client,
    deployment: DEPLOYMENT,
    idempotencyKey,
    dice: (below: number) => thrown % below,
  };
  try {
    const answer = await patiently(() => ask[verb](asking));
    if (!('id' in answer) || !('createdAt' in answer)) return;
    acknowledged.add(String(answer.id));
    story.push(`${verb}: ${String(answer.id)}`);
    const again = await patiently(() => ask[verb](asking));
    expect(again).toMatchObject({ id: answer.id });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    story.push(`${verb}: ${error.code}`);
  }
}

async function bringBack(): Promise<void> {
  story.push('undelete');
  await patiently(() => running.client.get('undeleteDeployment', { params })).catch(() => {});
}

/** Calls again while nobody answers, or answers that it has a fault. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isRefusal = error instanceof Problem && error.code !== 'internal';
      if (isRefusal || Date.now() > deadline) throw error;
      await delay(500);
    }
  }
}

async function settledDeployment(): Promise<Deployment> {
  const deadline = Date.now() + REST_MS;
  for (;;) {
    const now = await patiently(() => running.client.get('getDeployment', { params }));
    const { state, operationId, queue } = now.status;
    const isSettled = state !== 'transitioning' && operationId === null && queue.length === 0;
    if (isSettled || Date.now() > deadline) return now;
    await delay(500);
  }
}

/** Whatever state the chaos has left it in: it must run again without anybody's help but a start. */
async function runAgain(): Promise<void> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const { status, deletion } = await settledDeployment();
    if (deletion !== null) await bringBack();
    if (status.state === 'running') return;
    await askFor('start', `again${seed}-${attempt}`);
  }
}

test('no operation, savepoint or payment is lost whoever is killed', { timeout: 1_500_000 }, async () => {
  console.log(`SEED=${seed}`);
  const untilMs = Date.now() + CHAOS_MS;
  await Promise.all([killAtRandom(untilMs), askAtRandom(untilMs), payments.emitAll()]);
  await runAgain();
  console.log(story.join('\n'));
  expect(sorted(await payments.written())).toEqual(sorted(payments.expected()));
  expect((await settledDeployment()).status.state).toBe('running');
  expect(await violations(running.client, acknowledged)).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(ACCEPTED_MIN);
});
