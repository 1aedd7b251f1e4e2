import { expect, test } from 'vitest';
import { simulate } from '../../test/simulation/jobs/simulate.ts';

const SEEDS = 200;

test('jobs that crash, freeze, rescale and lose answers of their storage neither lose nor double a record', async () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { violations } = await simulate(seed);
    expect(violations, `again: npm run simulate -- --seed ${seed}`).toEqual([]);
  }
}, 120_000);

test('a seed gives the same life every time', async () => {
  const stories = await Promise.all(
    [1, 2].map(async () => {
      const lines: string[] = [];
      await simulate(SEEDS + 1, (line) => lines.push(line));
      return lines;
    }),
  );
  expect(stories[0]).toEqual(stories[1]);
  expect(stories[0]?.length).toBeGreaterThan(5);
});
