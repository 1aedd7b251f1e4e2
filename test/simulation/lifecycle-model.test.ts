/**
 * The lifecycle model: 100,000 random schedules, and all with one deviation from how things go when nothing goes wrong.
 * `npm run model -- --seed S` tells the story of one; SCHEDULES says another number of them.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 100_000);
const program = join(import.meta.dirname, '../model/main.ts');
const processes = availableParallelism();

test('no schedule by chance breaks a rule of the lifecycle', { timeout: 3_600_000 }, async () => {
  const share = Math.ceil(SCHEDULES / processes);
  const begun = performance.now();
  const results = await inProcesses((index) => [
    '--seed',
    String(1 + index * share),
    '--schedules',
    String(share),
  ]);
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${Math.round((share * processes) / seconds)} schedules a second in ${processes} processes`);
  expect(results.flatMap(({ failed }) => failed)).toEqual([]);
  const accepted = results.reduce((sum, { totals }) => sum + totals.accepted, 0);
  expect(accepted).toBeGreaterThan(SCHEDULES);
});

test('no single deviation breaks a rule of the lifecycle', { timeout: 3_600_000 }, async () => {
  const results = await inProcesses((index) => ['--exhaustive', '--share', `${index + 1}/${processes}`]);
  expect(results.flatMap(({ failed }) => failed)).toEqual([]);
  const schedules = results.reduce((sum, { totals }) => sum + totals.schedules, 0);
  expect(schedules).toBeGreaterThan(20_000);
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
