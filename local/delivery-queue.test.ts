import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryQueue } from './delivery-queue.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'queue-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(
  deliver: (target: string, payload: string) => Promise<void>,
  given: string[] = [],
): DeliveryQueue {
  return new DeliveryQueue({
    file: join(directory, 'queue.db'),
    attempts: 3,
    firstDelayMs: 5,
    deliver,
    onGivenUp: (target, cause) => void given.push(`${target}: ${String(cause)}`),
  });
}

describe('a delivery', () => {
  it('is made by the next process when this one ends before it', async () => {
    const first = open(() => Promise.reject(new Error('never started')));
    first.add('a', '1');
    await first.close();
    const seen: string[] = [];
    const second = open(async (target, payload) => void seen.push(target + payload));
    second.start();
    await expect.poll(() => seen).toEqual(['a1']);
    await second.close();
    const third = open(async (target, payload) => void seen.push(target + payload));
    third.start();
    await third.close();
    expect(seen).toEqual(['a1']);
  });

  it('is tried again until it succeeds or its attempts are used up', async () => {
    const tries: string[] = [];
    const given: string[] = [];
    const queue = open(async (target) => {
      tries.push(target);
      if (target === 'bad' || tries.filter((one) => one === target).length < 2) throw new Error('no');
    }, given);
    queue.start();
    queue.add('good', '');
    queue.add('bad', '');
    await expect.poll(() => given).toEqual(['bad: Error: no']);
    expect(tries.filter((one) => one === 'good')).toHaveLength(2);
    expect(tries.filter((one) => one === 'bad')).toHaveLength(3);
    await queue.close();
  });
});
