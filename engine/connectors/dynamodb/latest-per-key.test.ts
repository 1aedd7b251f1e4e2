import { beforeEach, describe, expect, test } from 'vitest';
import { TestConnectorHost, settled } from '../connector-host.fixture.ts';
import { LatestPerKey } from './latest-per-key.ts';

interface Call {
  readonly entry: string;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

let host: TestConnectorHost;
let calls: Call[];
let sent: string[];
let queue: LatestPerKey<string>;

beforeEach(() => {
  host = new TestConnectorHost();
  calls = [];
  sent = [];
  queue = new LatestPerKey<string>({
    host,
    lingerMs: 50,
    concurrency: 2,
    lowWater: 1,
    send: (entry) =>
      new Promise((resolve, reject) => {
        sent.push(entry);
        calls.push({ entry, done: resolve, failed: reject });
      }),
  });
});

async function finishNext(): Promise<void> {
  calls.shift()?.done();
  await settled();
}

describe('the latest entry of each key', () => {
  test('is the only one sent when several meet in the buffer', async () => {
    for (const version of ['a1', 'a2', 'a3']) queue.set('a', version);
    await host.advance(50);
    expect(sent).toEqual(['a3']);
  });

  test('waits while an older one of its key is under way', async () => {
    queue.set('a', 'a1');
    await host.advance(50);
    queue.set('a', 'a2');
    await host.advance(50);
    expect(sent).toEqual(['a1']);
    await finishNext();
    expect(sent).toEqual(['a1', 'a2']);
  });

  test('goes out with no more others than allowed', async () => {
    for (const key of ['a', 'b', 'c']) queue.set(key, key);
    await host.advance(50);
    expect(sent).toEqual(['a', 'b']);
    await finishNext();
    expect(sent).toEqual(['a', 'b', 'c']);
  });
});

describe('a flush', () => {
  test('resolves when all that was set before is durable, whatever is set behind it', async () => {
    queue.set('a', 'a1');
    await host.advance(50);
    queue.set('b', 'b1');
    let flushed = false;
    const flush = queue.flush().then(() => (flushed = true));
    queue.set('c', 'c1');
    await finishNext();
    expect(flushed).toBe(false);
    await finishNext();
    await flush;
    expect(queue.pending).toBe(1);
  });

  test('is served by a newer entry that replaced the one it waited for', async () => {
    queue.set('a', 'a1');
    await host.advance(50);
    queue.set('a', 'a2');
    const flush = queue.flush();
    queue.set('a', 'a3');
    await finishNext();
    await finishNext();
    await flush;
    expect(sent).toEqual(['a1', 'a3']);
  });

  test('of nothing resolves at once', async () => {
    await queue.flush();
    expect(sent).toEqual([]);
  });

  test('rejects with the first failure, and so does all that follows', async () => {
    queue.set('a', 'a1');
    queue.set('b', 'b1');
    const flush = queue.flush();
    let woken = 0;
    queue.onAvailable(() => (woken += 1));
    calls[0]?.failed(new Error('first'));
    calls[1]?.failed(new Error('second'));
    await expect(flush).rejects.toThrow('first');
    await expect(queue.flush()).rejects.toThrow('first');
    expect(() => queue.set('c', 'c1')).toThrow('first');
    expect(woken).toBeGreaterThan(0);
  });
});

test('the owner is woken when enough was written', async () => {
  let woken = 0;
  queue.onAvailable(() => (woken += 1));
  for (const key of ['a', 'b', 'c']) queue.set(key, key);
  await host.advance(50);
  await finishNext();
  expect(woken).toBe(0);
  await finishNext();
  expect(woken).toBe(1);
});
