/** A few kills of real workers, as many as one can wait for; the slow suite has 207, and all pipelines. */
import { expect, test } from 'vitest';
import { chaos } from '../chaos/chaos.ts';

const SEED = 3;
const KILLS = 8;

test(
  'tables and files hold every record once after kills, freezes and faults',
  { timeout: 240_000 },
  async () => {
    const results = await chaos({
      seed: SEED,
      kills: KILLS,
      pipelines: ['timers', 'counters'],
      say: () => {},
    });
    for (const { pipeline, violations, rows } of results) {
      expect(violations, `${pipeline}; again: npm run chaos -- --seed ${SEED} --kills ${KILLS}`).toEqual([]);
      expect(rows, pipeline).toBeGreaterThan(5);
    }
    const kills = results.reduce((sum, { counts }) => sum + (counts['SIGKILL'] ?? 0), 0);
    expect(kills).toBeGreaterThan(1);
  },
);
