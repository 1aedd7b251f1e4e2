import { expect, test } from 'vitest';
import { isCut, missingParts, PART_BYTES } from './upload-parts.ts';

test.each<
  [what: string, sizeBytes: number, arrived: readonly (readonly [number, number])[], missing: number[]]
>([
  ['nothing has arrived', 2 * PART_BYTES + 1, [], [1, 2, 3]],
  ['the first has arrived', 2 * PART_BYTES + 1, [[1, PART_BYTES]], [2, 3]],
  [
    'a part has another size',
    2 * PART_BYTES,
    [
      [1, PART_BYTES],
      [2, PART_BYTES - 1],
    ],
    [2],
  ],
  [
    'all have arrived',
    PART_BYTES + 5,
    [
      [1, PART_BYTES],
      [2, 5],
    ],
    [],
  ],
  [
    'the size is a multiple of a part',
    2 * PART_BYTES,
    [
      [1, PART_BYTES],
      [2, PART_BYTES],
    ],
    [],
  ],
  [
    'parts beyond the end have arrived too',
    PART_BYTES + 5,
    [
      [1, PART_BYTES],
      [2, 5],
      [3, 7],
    ],
    [],
  ],
])('parts are missing where %s', (_, sizeBytes, arrived, missing) => {
  const parts = arrived.map(([number, size]) => ({ number, sizeBytes: size }));
  expect(missingParts(sizeBytes, parts)).toEqual(missing);
});

test('only what is larger than a part is cut', () => {
  expect([isCut(PART_BYTES), isCut(PART_BYTES + 1)]).toEqual([false, true]);
});
