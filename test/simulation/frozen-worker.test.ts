/**
 * A worker that is frozen, as by a paused virtual machine, and thaws when another has taken its place.
 *
 * The sweep is called here as its schedule would, so that the test need not wait for the next full minute.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeTasksCommand, ECSClient } from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workerExit } from '#contract/names.ts';
import { descendants, platform, type Platform } from '../platform.ts';
import { paymentsRun, sorted, type PaymentsRun } from './payments-run.ts';

const PAYMENTS = 2000;
const place = { namespace: 'default', deployment: 'payments' };

let running: Platform;
let payments: PaymentsRun;

beforeAll(async () => {
  running = await platform('--no-demo');
  await running.start();
  const simulated = { seed: 7, ratePerSecond: 200, skew: 1, lateShare: 0.01, corruptShare: 0 };
  payments = await paymentsRun(running, simulated, PAYMENTS);
});

afterAll(() => running.remove());

/** Asks until there is an answer. */
async function until<T>(probe: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    await delay(200);
  }
}

async function newestJob() {
  const { items } = await running.client.get('listJobs', { params: place });
  return items[0];
}

/** The newest job once its attempt of this number runs. */
function runningAttempt(number: number) {
  return until(async () => {
    const job = await newestJob();
    return job?.state === 'running' && job.attempts.length === number ? job : undefined;
  });
}

function workerPid(): number | undefined {
  const file = readFileSync(join(running.directory, 'run.json'), 'utf8');
  const { pid } = JSON.parse(file) as { pid: number }; // what the platform writes
  return descendants(pid).find(({ command }) => command.includes('HEADWATER_WORKER_URL'))?.pid;
}

/** Calls the sweep until it has begun another attempt. */
async function sweepUntilReplaced(): Promise<void> {
  const lambda = new LambdaClient({});
  const { Functions: functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const sweep = functions.find(({ FunctionName: name }) => name?.includes('Sweep'))?.FunctionName;
  await until(async () => {
    await lambda.send(new InvokeCommand({ FunctionName: sweep, Payload: '{}' }));
    return (await newestJob())?.attempts.length === 2 ? true : undefined;
  });
}

test('a frozen worker is replaced, and commits nothing when it thaws', { timeout: 150_000 }, async () => {
  const first = await runningAttempt(1);
  const emitted = payments.emitAll();
  const frozen = await until(async () => workerPid());
  await delay(2000); // some payments and a checkpoint or two
  process.kill(frozen, 'SIGSTOP');
  await sweepUntilReplaced();
  await runningAttempt(2);
  process.kill(frozen, 'SIGCONT');
  const arn = first.attempts[0]?.taskArn ?? '';
  const exitCode = await until(async () => {
    const { tasks } = await new ECSClient({}).send(
      new DescribeTasksCommand({ cluster: arn.split('/')[1], tasks: [arn] }),
    );
    return tasks?.[0]?.containers?.[0]?.exitCode;
  });
  expect(exitCode).toBe(workerExit.fenced);
  await emitted;
  expect(sorted(await payments.written())).toEqual(sorted(payments.expected()));
  const { items } = await running.client.get('listEvents', { params: place });
  const lost = items.find(({ name }) => name === 'task-lost');
  expect(lost?.message).toMatch(/its job has not answered since/);
});
