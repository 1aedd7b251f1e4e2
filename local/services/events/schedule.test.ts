import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSchedule } from './schedule.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-21T11:59:30Z') }));
afterEach(() => void vi.useRealTimers());

describe('a schedule', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['cron(0 12 * * ? *)', 30_000],
    // Saturday is the seventh day of AWS's week.
    ['cron(0 12 ? * 7 *)', 30_000],
    ['at(2026-11-21T12:00:00)', 30_000],
  ])('%s fires first after %i ms', async (expression, afterMs) => {
    const run = vi.fn<() => void>();
    const schedule = startSchedule(expression, 'UTC', run);
    await vi.advanceTimersByTimeAsync(afterMs - 1_000);
    expect(run).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(run).toHaveBeenCalledTimes(1);
    schedule.stop();
  });

  it.each(['rate(0 minutes)', 'rate(1 fortnight)', 'cron(0 12 * * *)', 'daily'])(
    '%s is refused',
    (expression) => {
      expect(() => startSchedule(expression, 'UTC', () => {})).toThrow(
        `Cannot read schedule "${expression}"`,
      );
    },
  );
});
