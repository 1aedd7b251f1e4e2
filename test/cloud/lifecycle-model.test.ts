/**
 * The control plane over a world in memory, explored: a share of the random schedules, and faults planted in it that
 * the exploring must find. test/simulation/lifecycle-model.test.ts goes through all.
 */
import '../model/silence.ts';
import { describe, expect, test } from 'vitest';
import { bugs } from '../model/bugs.ts';
import { exploreFamily } from '../model/exhaustive.ts';
import { exploreSeed } from '../model/random.ts';

const SCHEDULES = 150;

test('random schedules break no rule of the lifecycle', { timeout: 600_000 }, async () => {
  const broken: string[] = [];
  let accepted = 0;
  for (let seed = 1; seed <= SCHEDULES; seed += 1) {
    const explored = await exploreSeed(seed);
    accepted += explored.accepted;
    broken.push(...explored.violations.map((violation) => `seed ${seed}: ${violation}`));
  }
  expect(broken).toEqual([]);
  // Where nothing is accepted nothing is proved.
  expect(accepted).toBeGreaterThan(SCHEDULES);
});

describe('a planted fault is found', () => {
  test.for(bugs)('$name', { timeout: 120_000 }, async (bug) => {
    const { broken } = await exploreFamily(bug.family, { bug, untilBroken: true });
    expect(broken[0]?.violations[0] ?? 'nothing was found').toMatch(bug.rule);
  });
});
