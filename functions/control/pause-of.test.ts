import { expect, test } from 'vitest';
import { pauseMsOf } from './pause-of.ts';

const at = (ms: number): string => new Date(ms).toISOString();

test('a pause lasts from the end of the step that stopped the job before', () => {
  const steps = [
    { name: 'prepare-task', state: 'succeeded', endedAt: at(1000) },
    { name: 'take-savepoint', state: 'succeeded', endedAt: at(2000) },
    { name: 'clear-job', state: 'skipped', endedAt: at(2500) },
  ] as const;
  expect(pauseMsOf(steps, 2700)).toBe(700);
});

test('without a job that was stopped there is no pause', () => {
  const steps = [
    { name: 'take-savepoint', state: 'skipped', endedAt: at(2000) },
    { name: 'clear-job', state: 'pending', endedAt: null },
  ] as const;
  expect(pauseMsOf(steps, 2700)).toBeNull();
});
