import { expect, test } from 'vitest';
import { slotHeapMb } from './slot-heap.ts';

const GB = 1024 ** 3;

test.each([
  [GB / 2, 1, 256],
  [GB, 2, 320],
  [8 * GB, 4, 1504],
  [GB / 2, 8, 64],
])('a worker of %d bytes gives each of %d slots %d MB', (memory, slots, heap) => {
  expect(slotHeapMb(memory, slots)).toBe(heap);
});
