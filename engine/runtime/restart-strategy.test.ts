import { describe, expect, it } from 'vitest';
import { RestartStrategy } from './restart-strategy.ts';

describe('RestartStrategy', () => {
  it('waits half as long again after every failure, up to a minute', () => {
    const strategy = new RestartStrategy({});
    const delays = Array.from({ length: 12 }, (_, failure) => strategy.next(failure, 0.5));
    expect(delays.slice(0, 4)).toEqual([1000, 1500, 2250, 3375]);
    expect(delays.at(-1)).toBe(60_000);
  });

  it('spreads the delay by a tenth to both sides', () => {
    expect(new RestartStrategy({}).next(0, 0)).toBe(900);
    expect(new RestartStrategy({}).next(0, 1)).toBe(1100);
  });

  it('begins anew after an hour without a failure', () => {
    const strategy = new RestartStrategy({ maxRestarts: 2 });
    strategy.next(0, 0.5);
    strategy.next(1, 0.5);
    expect(strategy.next(3_600_000, 0.5)).toBeUndefined();
    expect(strategy.next(7_200_000, 0.5)).toBe(1000);
  });

  it('gives up after the last restart that is allowed', () => {
    const strategy = new RestartStrategy({ maxRestarts: 1 });
    expect(strategy.next(0, 0.5)).toBe(1000);
    expect(strategy.next(1, 0.5)).toBeUndefined();
    expect(strategy.restarts).toBe(1);
  });
});
