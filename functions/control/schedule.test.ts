import { describe, expect, test } from 'vitest';
import { dueSlots, firstSlots } from './schedule.ts';

const hourly = { every: '1 hour', keep: 24 };
const daily = { every: '1 day', keep: 7 };
const policy = { schedule: [hourly, daily], keepAutomatic: 20 };
const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);

describe('a schedule of savepoints', () => {
  test('begins with the next time of a rule that is new', () => {
    const slots = firstSlots(policy, {}, at('10:40:00'));
    expect(slots).toEqual({ '1 hour': '2026-03-01T10:00:00.000Z', '1 day': '2026-03-01T00:00:00.000Z' });
    expect(dueSlots(policy, slots ?? {}, at('10:59:59'))).toEqual([]);
    expect(firstSlots(policy, slots ?? {}, at('10:59:59'))).toBeUndefined();
  });

  test('is due at the full hour and at midnight, each rule for itself', () => {
    const slots = firstSlots(policy, {}, at('10:40:00')) ?? {};
    expect(dueSlots(policy, slots, at('11:00:00'))).toEqual([
      { rule: hourly, slot: '2026-03-01T11:00:00.000Z' },
    ]);
    expect(dueSlots(policy, slots, at('00:00:00') + 86_400_000).map(({ rule }) => rule)).toEqual([
      hourly,
      daily,
    ]);
  });

  test('asks once for all times that were missed', () => {
    const slots = firstSlots(policy, {}, at('01:00:00')) ?? {};
    expect(dueSlots(policy, slots, at('09:30:00'))).toEqual([
      { rule: hourly, slot: '2026-03-01T09:00:00.000Z' },
    ]);
  });
});
