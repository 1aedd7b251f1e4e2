import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogStore } from './log-store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logs-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a log store', () => {
  it('keeps names with slashes apart and gives lines back in order', async () => {
    const store = new LogStore(directory);
    store.append('/aws/lambda/f', '2026/11/21/[$LATEST]1', [{ timestamp: 1, message: 'a\nb' }]);
    store.append('/aws/lambda/f', '2026/11/21/[$LATEST]1', [{ timestamp: 2, message: 'c' }]);
    await store.flush();
    expect(store.groups()).toEqual(['/aws/lambda/f']);
    expect(store.streams('/aws/lambda/f')).toEqual(['2026/11/21/[$LATEST]1']);
    const lines = await store.read('/aws/lambda/f', '2026/11/21/[$LATEST]1');
    expect(lines.map((line) => line.message)).toEqual(['a\nb', 'c']);
  });

  it('never grows beyond three files of 10 MB a stream', async () => {
    const store = new LogStore(directory);
    const message = 'x'.repeat(1024 * 1024);
    for (let index = 0; index < 45; index += 1) {
      store.append('g', 's', [{ timestamp: index, message }]);
      await store.flush();
    }
    expect(readdirSync(join(directory, 'g')).sort()).toEqual(['s.jsonl', 's.jsonl.1', 's.jsonl.2']);
    const lines = await store.read('g', 's');
    expect(lines.at(-1)?.timestamp).toBe(44);
    expect(lines.length).toBeLessThan(31);
  });

  it('skips the torn last line of a process that was killed', async () => {
    const store = new LogStore(directory);
    store.append('g', 's', [
      { timestamp: 1, message: 'whole' },
      { timestamp: 2, message: 'torn' },
    ]);
    await store.flush();
    truncateSync(join(directory, 'g', 's.jsonl'), 80);
    expect((await new LogStore(directory).read('g', 's')).map((line) => line.message)).toEqual(['whole']);
  });
});
