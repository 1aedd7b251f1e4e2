import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BuildCache } from './build-cache.ts';

let root = '';
const write = (name: string, content: string): void => writeFileSync(join(root, name), content);
const open = (): BuildCache => new BuildCache(root, 'cache.json');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'headwater-cache-'));
  write('input.ts', 'one');
  write('output.mjs', 'made of one');
  open().record('code', ['input.ts'], ['output.mjs']);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('build cache', () => {
  test('an output is fresh for the next process while nothing changed', () => {
    expect(open().isFresh('code')).toBe(true);
  });

  test('an output is stale when an input has other content', () => {
    write('input.ts', 'two');
    expect(open().isFresh('code')).toBe(false);
  });

  test('an output is stale when an input is gone', () => {
    rmSync(join(root, 'input.ts'));
    expect(open().isFresh('code')).toBe(false);
  });

  test('an output is stale when a file joins its inputs', () => {
    write('other.ts', '');
    expect(open().isFresh('code', ['input.ts', 'other.ts'])).toBe(false);
  });

  test('an output that was deleted is stale', () => {
    rmSync(join(root, 'output.mjs'));
    expect(open().isFresh('code')).toBe(false);
  });

  test('a damaged cache counts as empty', () => {
    write('cache.json', '{"code":');
    expect(open().isFresh('code')).toBe(false);
  });
});
