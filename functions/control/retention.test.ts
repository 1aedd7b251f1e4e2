import { describe, expect, test } from 'vitest';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { newSavepoint } from './new-savepoint.ts';
import { unretained } from './retention.ts';

let number = 0;

function savepoint(change: Partial<Savepoint> = {}): Savepoint {
  number += 1;
  const id = String(number).padStart(26, '0');
  const begin = newSavepoint({
    id,
    namespace: 'default',
    deployment: 'clicks',
    deploymentId: '0'.repeat(26),
    jobId: 'a'.repeat(32),
    jobNumber: 1,
    version: 1,
    origin: 'scheduled',
    description: '',
    location: `s3://bucket/${id}`,
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: 'system:schedule',
  });
  return { ...begin, state: 'completed', schedule: '1 hour', ...change };
}

const hourly = { schedule: [{ every: '1 hour', keep: 2 }], keepAutomatic: 1 };
const idsOf = (savepoints: readonly Savepoint[]) => savepoints.map(({ id }) => id);

describe('the rules of retention', () => {
  test('keep the newest of each rule, and remove the oldest first', () => {
    const [first, second, third, fourth] = [savepoint(), savepoint(), savepoint(), savepoint()];
    const daily = savepoint({ schedule: '1 day' });
    const policy = { ...hourly, schedule: [...hourly.schedule, { every: '1 day', keep: 1 }] };
    expect(idsOf(unretained([third, first, daily, fourth, second] as Savepoint[], policy))).toEqual([
      first?.id,
      second?.id,
    ]);
  });

  test('remove nothing that a person asked for, holds or has deleted', () => {
    const kept = [
      savepoint({ origin: 'user-request', schedule: null }),
      savepoint({ origin: 'copied', schedule: null }),
      savepoint({ origin: 'imported', schedule: null }),
      savepoint({ hold: { reason: 'case', by: 'user:a', at: '2026-01-01T00:00:00.000Z' } }),
      savepoint({ state: 'deleted' }),
      savepoint({ state: 'started' }),
      savepoint(),
      savepoint(),
      savepoint(),
    ];
    expect(idsOf(unretained(kept, hourly))).toEqual([kept[6]?.id]);
  });

  test('count what no rule names any more with what suspends and upgrades have left', () => {
    const [gone, suspended] = [savepoint({ schedule: '5 minutes' }), savepoint({ origin: 'suspend' })];
    expect(idsOf(unretained([gone, suspended], hourly))).toEqual([gone.id]);
  });

  test('never remove the newest state, and let failures push nothing out', () => {
    const good = savepoint({ origin: 'suspend', schedule: null });
    const failed = [1, 2, 3].map(() => savepoint({ state: 'failed' }));
    expect(idsOf(unretained([good, ...failed], hourly))).toEqual([failed[0]?.id]);
    const policy = { schedule: [], keepAutomatic: 1 };
    const copy = savepoint({ origin: 'upgrade', schedule: null });
    const user = savepoint({ origin: 'user-request', schedule: null });
    expect(idsOf(unretained([good, copy, user], policy))).toEqual([good.id]);
  });
});
