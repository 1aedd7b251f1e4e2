/**
 * Real workers on the local cloud that are killed, frozen and cut off from their services 207 times.
 *
 * SEED repeats a run, as far as the clock allows.
 */
import { expect, test } from 'vitest';
import { chaos } from '../chaos/chaos.ts';
import { pipelines } from '../pipelines/pipelines.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const KILLS = 207;

test(
  'tables hold what an undisturbed run gives, whatever was killed when',
  { timeout: 900_000 },
  async () => {
    console.log(`SEED=${seed}`);
    const results = await chaos({ seed, kills: KILLS, pipelines: Object.keys(pipelines), say: () => {} });
    const again = `npm run chaos -- --seed ${seed} --kills ${KILLS}`;
    for (const { pipeline, violations, rows } of results) {
      expect(violations, `${pipeline}; again: ${again}`).toEqual([]);
      expect(rows, pipeline).toBeGreaterThan(5);
    }
    const seen = (what: string) => results.reduce((sum, { counts }) => sum + (counts[what] ?? 0), 0);
    // A run in which nothing happens proves nothing.
    expect(seen('SIGKILL')).toBeGreaterThan(KILLS / 3);
    expect(seen('checkpoints')).toBeGreaterThan(KILLS / 2);
    for (const what of ['SIGTERM', 'SIGSTOP, replaced', 'storm', 'lose', 'cut', 'hang'])
      expect(seen(what), what).toBeGreaterThan(0);
  },
);
