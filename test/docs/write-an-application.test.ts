import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/write-an-application.md'), 'utf8');
const TIMEOUT_MS = 60_000;
let directory: string;

/** The files of the guide: code blocks that begin with their path. */
const files = [...guide.matchAll(/```ts\n\/\/ (\S+)\n(.+?)```/gs)].map(([, path = '', text = '']) => ({
  path,
  text,
}));

beforeAll(() => {
  // Inside the checkout, where "headwater" resolves as it does for whoever follows the guide.
  mkdirSync(join(root, 'build'), { recursive: true });
  directory = mkdtempSync(join(root, 'build/guide-'));
  for (const { path, text } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function headwater(...args: readonly string[]) {
  const environment = { ...process.env, HEADWATER_URL: 'http://127.0.0.1:1' };
  return spawnSync(process.execPath, [join(root, 'cli/main.ts'), ...args], {
    cwd: directory,
    encoding: 'utf8',
    // The runner of tests would take the one inside for a part of itself.
    env: { ...environment, NODE_TEST_CONTEXT: undefined },
  });
}

test('every piece of code is in a file', () => {
  expect(guide.match(/```ts\n/g)?.length).toBe(files.length);
  expect(files.length).toBeGreaterThan(6);
});

test('its files type-check as those of the project do', { timeout: TIMEOUT_MS }, () => {
  const settings = join(directory, 'tsconfig.json');
  writeFileSync(
    settings,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['**/*.ts'], exclude: [] }),
  );
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  expect(spawnSync(process.execPath, [compiler, '-p', settings], { encoding: 'utf8' }).stdout).toBe('');
});

test('its tests pass by the command that it gives', { timeout: TIMEOUT_MS }, () => {
  const { status, stderr, stdout } = headwater('test', 'watch');
  expect(stderr).toMatch(/pass 8\b/);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/Tests +passed/)]);
});

test('its commands are those of the command line', { timeout: TIMEOUT_MS }, () => {
  const commands = [...guide.matchAll(/^npx headwater (\w+(?: (?:push|get|create|suspend|start))?)/gm)];
  expect(commands.length).toBeGreaterThan(5);
  for (const [, command = ''] of commands) {
    expect(headwater(...command.split(' '), '--help').status, command).toBe(0);
  }
});
