import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { provenance } from './provenance.ts';

let directory: string;
const entry = (): string => join(directory, 'application.ts');

function git(...parameters: readonly string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  return execFileSync('git', ['-C', directory, ...identity, ...parameters], { encoding: 'utf8' }).trim();
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'provenance-'));
  git('init', '--quiet', '--initial-branch', 'feature');
  writeFileSync(entry(), 'export {};\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a program says commit, branch and author, and whether files differ from the commit', async () => {
  const commit = git('rev-parse', 'HEAD');
  const clean = { commit, branch: 'feature', dirty: false, author: 'Ada' };
  expect(await provenance(entry(), {})).toEqual(clean);
  writeFileSync(entry(), 'export const changed = 1;\n');
  expect(await provenance(entry(), {})).toEqual({ ...clean, dirty: true });
  git('checkout', '--quiet', '--', '.');
});

test('a checkout without a branch has the one that the CI system names', async () => {
  git('checkout', '--quiet', '--detach');
  expect((await provenance(entry(), {})).branch).toBeNull();
  expect((await provenance(entry(), { CI_COMMIT_REF_NAME: 'main' })).branch).toBe('main');
});

test('a program outside of a repository says nothing', async () => {
  expect(await provenance('/nowhere/application.ts', {})).toEqual({
    commit: null,
    branch: null,
    dirty: false,
    author: null,
  });
});
