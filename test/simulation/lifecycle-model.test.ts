/**
 * The lifecycle model: random schedules for a minute and a half, and a share of all with one deviation from how things go when
 * nothing goes wrong. Both are others in every run; SEED repeats one, and `npm run model` takes as many as it is told.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const SECONDS = 90;
/** A process takes one of them, which is a minute or two of its time. */
const SHARES = 16;
/** Seeds of one process, more than it has the time for. */
const SEEDS = 1_000_000;
const program = join(import.meta.dirname, '../model/main.ts');
const processes = availableParallelism();

test('no schedule by chance breaks a rule of the lifecycle', { timeout: 3_600_000 }, async () => {
  const results = await inProcesses((index) => [
    '--seed',
    String(seed + index * SEEDS),
    '--seconds',
    String(SECONDS),
  ]);
  const schedules = results.reduce((sum, { totals }) => sum + totals.schedules, 0);
  const accepted = results.reduce((sum, { totals }) => sum + totals.accepted, 0);
  console.log(`SEED=${seed}: ${schedules} schedules in ${processes} processes`);
  expect(results.flatMap(({ failed }) => failed)).toEqual([]);
  // Where nothing is accepted nothing is proved.
  expect(accepted).toBeGreaterThan(schedules);
});

test('no single deviation breaks a rule of the lifecycle', { timeout: 3_600_000 }, async () => {
  const shareOf = (index: number): string => `${1 + ((seed + index) % SHARES)}/${SHARES}`;
  const results = await inProcesses((index) => ['--exhaustive', '--share', shareOf(index)]);
  expect(results.flatMap(({ failed }) => failed)).toEqual([]);
  const schedules = results.reduce((sum, { totals }) => sum + totals.schedules, 0);
  console.log(`SEED=${seed}: ${schedules} schedules with one deviation, share ${shareOf(0)} and on`);
  expect(schedules).toBeGreaterThan(1000);
});

interface Explored {
  readonly failed: readonly unknown[];
  readonly totals: { readonly schedules: number; readonly accepted: number };
}

function inProcesses(flags: (index: number) => readonly string[]): Promise<Explored[]> {
  return Promise.all(Array.from({ length: processes }, (_, index) => explored(flags(index))));
}

async function explored(flags: readonly string[]): Promise<Explored> {
  const args = ['--disable-warning=ExperimentalWarning', program, '--json', ...flags];
  const limits = { maxBuffer: 64 * 1024 * 1024 };
  // A program that found something ends with 1, and has said what.
  const { stdout } = await promisify(execFile)(process.execPath, args, limits).catch((error: unknown) => {
    if (error instanceof Error && 'stdout' in error && error.stdout !== '')
      return error as { stdout: string };
    throw error;
  });
  return JSON.parse(stdout) as Explored; // what the program prints
}
