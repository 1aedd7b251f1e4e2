import { expect, test } from 'vitest';
import { isReached, rescaledBounds } from './rescale-bounds.ts';

const at = (upperBound: number) => ({ parallelism: { lowerBound: upperBound, upperBound } });
const from1To = (upperBound: number) => ({ parallelism: { lowerBound: 1, upperBound } });

test('vertices with a parallelism of their own keep it while the others are rescaled', () => {
  const wanted = rescaledBounds({ source: at(2), sink: at(1), count: at(2) }, 2, 4);
  expect(wanted).toEqual({ source: from1To(4), sink: from1To(1), count: from1To(4) });
  expect(isReached({ source: at(4), sink: at(1), count: at(2) }, wanted)).toBe(false);
  expect(isReached({ source: at(4), sink: at(1), count: at(4) }, wanted)).toBe(true);
});

test('a job whose parallelism was changed by somebody else is rescaled as a whole', () => {
  expect(rescaledBounds({ source: at(3) }, 2, 4)).toEqual({ source: from1To(4) });
});
