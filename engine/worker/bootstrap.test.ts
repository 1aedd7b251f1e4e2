import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { BOOTSTRAP } from './bootstrap.ts';

function run(environment: Record<string, string>): {
  readonly status: number | null;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', BOOTSTRAP], {
    env: environment,
    encoding: 'utf8',
  });
}

test('the bootstrap is short enough to be read in a task definition', () => {
  expect(BOOTSTRAP.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
});

test('the bootstrap refuses an environment without an address and a hash', () => {
  const { status, stderr } = run({});
  expect(status).toBe(78);
  expect(stderr).toContain('set HEADWATER_WORKER_URL and HEADWATER_WORKER_SHA256');
});
