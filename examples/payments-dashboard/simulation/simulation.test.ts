import { describe, expect, test } from 'vitest';
import { createSimulation, paymentId, paymentIndex } from './simulation.ts';

const options = { seed: 7, ratePerSecond: 200, skew: 1, lateShare: 0.01, corruptShare: 0.05 };
const schedule = { index: 0, at: 1_800_000_000_000 };

describe('simulation', () => {
  test('a payment is the same whenever and in whatever order it is asked for', () => {
    const forward = createSimulation(options);
    const backward = createSimulation(options);
    const indexes = Array.from({ length: 2000 }, (_, i) => i * 37);
    const first = indexes.map((index) => forward.payment(index, schedule));
    const second = indexes.toReversed().map((index) => backward.payment(index, schedule));
    expect(second.reverse()).toEqual(first);
  });

  test('another seed gives other payments', () => {
    const other = createSimulation({ ...options, seed: 8 });
    const same = createSimulation(options);
    const differing = [...Array(100).keys()].filter(
      (index) => other.payment(index, schedule).amount !== same.payment(index, schedule).amount,
    );
    expect(differing.length).toBeGreaterThan(90);
  });

  test('event times lie behind the due time by as much as the options say', () => {
    const simulation = createSimulation(options);
    const delays = [...Array(20_000).keys()].map(
      (index) => simulation.dueAt(index, schedule) - simulation.payment(index, schedule).at,
    );
    const late = delays.filter((delay) => delay > 5000);
    expect(Math.min(...delays)).toBe(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(180_000);
    expect(late.length / delays.length).toBeCloseTo(options.lateShare, 2);
    expect(delays.filter((delay) => delay > 0).length / delays.length).toBeCloseTo(0.21, 1);
  });

  test('the shares of countries move within minutes', () => {
    const simulation = createSimulation(options);
    const shareOf = (country: string, from: number): number => {
      const indexes = [...Array(12_000).keys()].map((i) => from + i);
      return (
        indexes.filter((index) => simulation.payment(index, schedule).country === country).length / 12_000
      );
    };
    const shares = [0, 1, 2, 3, 4].map((minute) => shareOf('DE', minute * 24_000));
    expect(Math.max(...shares) / Math.min(...shares)).toBeGreaterThan(1.3);
  });

  test('a corrupt record is no JSON, and every other one is the payment', () => {
    const simulation = createSimulation(options);
    const indexes = [...Array(1000).keys()];
    const corrupt = indexes.filter((index) => simulation.isCorrupt(index));
    expect(corrupt.length).toBeGreaterThan(20);
    for (const index of indexes) {
      const text = new TextDecoder().decode(simulation.encode(index, schedule));
      if (simulation.isCorrupt(index)) expect(() => JSON.parse(text)).toThrow(SyntaxError);
      else expect(JSON.parse(text)).toEqual(simulation.payment(index, schedule));
    }
  });

  test('an id gives back its index, and no other text does', () => {
    expect(paymentIndex(paymentId(1_234_567_890))).toBe(1_234_567_890);
    expect(['p-1', 'x-000000001', '', 'p-00000000a'].map(paymentIndex)).toEqual(Array(4).fill(undefined));
  });
});
