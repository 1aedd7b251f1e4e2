import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDirectory } from './lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the lock of a directory', () => {
  it('is refused while its holder lives and free after release', () => {
    const lock = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(
      `process ${process.pid} is using it; stop it or choose another with --data`,
    );
    lock.release();
    lockDirectory(directory).release();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it('is taken over from a process that is gone, or whose number another process got', () => {
    const { pid } = spawnSync('true');
    writeFileSync(join(directory, 'lock'), JSON.stringify({ pid, startedAt: 'x' }));
    lockDirectory(directory).release();
    writeFileSync(
      join(directory, 'lock'),
      JSON.stringify({ pid: process.pid, startedAt: 'an earlier process' }),
    );
    lockDirectory(directory).release();
  });

  it('is refused for data of another version', () => {
    writeFileSync(join(directory, 'version.json'), '{"version":99}');
    expect(() => lockDirectory(directory)).toThrow('its format is version 99, this program reads version 1');
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });
});
