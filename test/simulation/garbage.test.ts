import { describe, expect, it } from 'vitest';
import { World } from '#engine/runtime/coordinator/deployment-life.fixture.ts';
import { seen } from '#engine/runtime/coordinator/job-world.fixture.ts';

const STEPS_PER_SEED = 2500;
const SEEDS = 60;

describe('deployments under 150,000 random calls of their storage', () => {
  it('lose nothing that may be read, and keep nothing that nobody refers to', async () => {
    for (let seed = 100; seed < 100 + SEEDS; seed += 1) {
      await new World(seed).live(STEPS_PER_SEED).catch((cause: unknown) => {
        throw new Error(`Seed ${seed} breaks the rule`, { cause });
      });
    }
    expect(seen.checkpoints).toBeGreaterThan(2000);
    expect(Math.min(seen.savepoints, seen.disposals, seen.fenced, seen.forks)).toBeGreaterThan(100);
  });
});
