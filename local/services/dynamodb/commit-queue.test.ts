import type { BatchOperation } from 'dynalite/db/index.js';
import { expect, test } from 'vitest';
import { CommitQueue } from './commit-queue.ts';

/** A queue whose commits end when the test says so. */
function heldQueue() {
  const commits: { operations: BatchOperation[]; end: () => void; fail: (error: Error) => void }[] = [];
  const queue = new CommitQueue((operations) => {
    const held = Promise.withResolvers<void>();
    commits.push({ operations, end: held.resolve, fail: held.reject });
    return held.promise;
  });
  const put = (key: string) => queue.write(async (writes) => writes.put(key, key));
  const keys = () => commits.map((commit) => commit.operations.map((operation) => operation.key));
  return { queue, commits, put, keys };
}

test('writes that come while a commit is under way share the next one', async () => {
  const { put, commits, keys } = heldQueue();
  const writes = [put('a')];
  await expect.poll(() => commits.length).toBe(1);
  writes.push(put('b'), put('c'));
  commits[0]?.end();
  await expect.poll(keys).toEqual([['a'], ['b', 'c']]);
  commits[1]?.end();
  await Promise.all(writes);
});

test('a write is acknowledged only when its commit is on disk', async () => {
  const { put, commits } = heldQueue();
  let isAcknowledged = false;
  const write = put('a').then(() => {
    isAcknowledged = true;
  });
  await expect.poll(() => commits.length).toBe(1);
  expect(isAcknowledged).toBe(false);
  commits[0]?.end();
  await write;
  expect(isAcknowledged).toBe(true);
});

test('a commit that fails fails every write in it, and the next ones go on', async () => {
  const { put, commits } = heldQueue();
  const first = put('a');
  await expect.poll(() => commits.length).toBe(1);
  commits[0]?.fail(new Error('the disk is full'));
  await expect(first).rejects.toThrow('the disk is full');
  const second = put('b');
  await expect.poll(() => commits.length).toBe(2);
  commits[1]?.end();
  await second;
});

test('a write that throws leaves nothing in the commit of its neighbors', async () => {
  const { queue, put, commits, keys } = heldQueue();
  const refused = queue.write(async (writes) => {
    writes.put('refused', 1);
    throw new Error('no');
  });
  const kept = put('kept');
  await expect.poll(() => commits.length).toBe(1);
  commits[0]?.end();
  await expect(refused).rejects.toThrow('no');
  await kept;
  expect(keys()).toEqual([['kept']]);
});

test('a later write sees an earlier one that is not committed yet', async () => {
  const { queue, put, commits } = heldQueue();
  const first = put('a');
  const second = queue.write(async (writes) => writes.find('a')?.value);
  await expect.poll(() => commits.length).toBe(1);
  commits[0]?.end();
  await first;
  expect(await second).toBe('a');
});

test('exclusive work runs between commits, in the order of asking', async () => {
  const { queue, put, commits } = heldQueue();
  const order: string[] = [];
  const before = put('a').then(() => order.push('before'));
  const alone = queue.exclusive(async () => order.push('alone'));
  const after = put('b').then(() => order.push('after'));
  await expect.poll(() => commits.length).toBe(1);
  commits[0]?.end();
  await expect.poll(() => commits.length).toBe(2);
  commits[1]?.end();
  await Promise.all([before, alone, after]);
  expect(order).toEqual(['before', 'alone', 'after']);
});
