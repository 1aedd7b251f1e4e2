import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { textsMayPin, unpinnedString } from './unpinned-string.ts';
import { unpinned, unpinnedRecord } from './unpinned.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void; // exists by the flag above

test('texts stay as they are in a thread that has decoded nothing', () => {
  const text = { deep: ['a long enough identifier'] };
  expect(unpinnedRecord(text)).toBe(text);
  expect(unpinned(text)).not.toBe(text);
  expect(unpinned(text)).toEqual(text);
  textsMayPin();
  expect(unpinnedRecord(text)).not.toBe(text);
});

/** Bytes kept alive by 400 short strings, each cut from a blob of 100 KB. */
function heldBy(keep: (slice: string) => string): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: 400 }, (_, index) => {
    const blob = Buffer.alloc(100_000, `${index} abcdefghijklmnopqrstuvwxyz`).toString('latin1');
    return keep(blob.substring(100, 140));
  });
  collectGarbage();
  const held = process.memoryUsage().heapUsed - before;
  expect(kept.length).toBe(400);
  return held;
}

test('a string that goes into state lets go of the blob it was cut from', () => {
  // The control: a plain slice keeps its blob, or this test would prove nothing.
  expect(heldBy((slice) => slice)).toBeGreaterThan(30_000_000);
  expect(heldBy(unpinnedString)).toBeLessThan(5_000_000);
  expect(heldBy((slice) => unpinned({ name: slice }).name)).toBeLessThan(5_000_000);
});

test('a copy is equal to what was copied, and shares no part that could change', () => {
  const tags = ['x', { deep: 'another long enough text' }];
  const original = { id: 'a long enough identifier', tags, at: new Date(5), n: 1, none: null };
  const copy = unpinned(original);
  expect(copy).toEqual(original);
  expect(copy.tags).not.toBe(original.tags);
});

test('a record is copied only where one of its strings could pin what it was cut from', () => {
  const [text, short] = [
    { deep: ['a long enough identifier'] },
    { deep: ['short'], at: new Date(5), none: null },
  ];
  expect(unpinnedRecord(short)).toBe(short);
  expect(unpinnedRecord(text)).not.toBe(text);
  expect(unpinnedRecord(text)).toEqual(text);
  expect(heldBy((slice) => unpinnedRecord({ name: slice }).name)).toBeLessThan(5_000_000);
});
