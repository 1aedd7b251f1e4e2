import { beforeEach, describe, expect, test } from 'vitest';
import { TestConnectorHost, settled } from './connector-host.fixture.ts';
import { FlushQueue } from './flush-queue.ts';

let host: TestConnectorHost;
let sent: (readonly number[])[];
let finish: (() => void)[];
let refuse: ((error: Error) => void)[];
let queue: FlushQueue<number>;

beforeEach(() => {
  host = new TestConnectorHost();
  sent = [];
  finish = [];
  refuse = [];
  queue = new FlushQueue<number>({
    host,
    lingerMs: 50,
    fullAt: 3,
    lowWater: 1,
    take: (waiting) => Math.min(3, waiting.length),
    send: (entries) =>
      new Promise((resolve, reject) => {
        sent.push(entries);
        finish.push(resolve);
        refuse.push(reject);
      }),
  });
});

async function finishNext(): Promise<void> {
  finish.shift()?.();
  await settled();
}

describe('a flush queue', () => {
  test('sends when its entries waited long enough', async () => {
    queue.add(1);
    await host.advance(49);
    expect(sent).toEqual([]);
    await host.advance(1);
    expect(sent).toEqual([[1]]);
  });

  test('sends at once when a call is full, and in order, one call at a time', async () => {
    for (const entry of [1, 2, 3, 4]) queue.add(entry);
    expect(sent).toEqual([[1, 2, 3]]);
    await finishNext();
    expect(sent).toEqual([[1, 2, 3], [4]]);
    expect(queue.pending).toBe(1);
  });

  test('resolves a flush when all before it is durable', async () => {
    for (const entry of [1, 2, 3, 4]) queue.add(entry);
    let flushed = false;
    const flush = queue.flush().then(() => (flushed = true));
    await finishNext();
    expect(flushed).toBe(false);
    await finishNext();
    await flush;
  });

  test('rejects flushes and refuses entries after a failure', async () => {
    queue.add(1);
    const flush = queue.flush();
    refuse[0]?.(new Error('the stream is gone'));
    await expect(flush).rejects.toThrow('the stream is gone');
    expect(() => queue.add(2)).toThrow('the stream is gone');
  });
});
