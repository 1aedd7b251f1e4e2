import { afterEach, beforeEach, expect, test } from 'vitest';
import { functionEnvironment } from '#contract/names.ts';
import { limitCaller, TokenBucket } from './limit-caller.ts';

beforeEach(() => {
  process.env[functionEnvironment.requestRate] = '10';
});

afterEach(() => {
  delete process.env[functionEnvironment.requestRate];
});

test('a bucket gives what it holds, then as much as flows in', () => {
  const bucket = new TokenBucket(10, 20, 0);
  const taken = Array.from({ length: 21 }, () => bucket.take(0));
  expect(taken.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 0));
  expect(taken[20]).toBe(100);
  expect(bucket.take(50)).toBe(50);
  expect(bucket.take(100)).toBe(0);
});

test('a bucket never holds more than its capacity, and a clock that goes back takes nothing from it', () => {
  const bucket = new TokenBucket(10, 2, 0);
  const later = [bucket.take(3_600_000), bucket.take(3_600_000), bucket.take(3_600_000)];
  expect(later.map((wait) => wait === 0)).toEqual([true, true, false]);
  expect(bucket.take(0)).toBe(100);
});

test('one caller who floods is told how long to wait, and another is let through', () => {
  const waits = Array.from({ length: 51 }, () => limitCaller('Bearer flood', 1000));
  expect(waits.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => 0));
  expect(waits[50]).toBe(100);
  expect(limitCaller('Bearer other', 1000)).toBe(0);
  expect(limitCaller('Bearer flood', 1100)).toBe(0);
});

test('a rate of 0 is no limit', () => {
  process.env[functionEnvironment.requestRate] = '0';
  const waits = Array.from({ length: 1000 }, () => limitCaller('Bearer test', 0));
  expect(new Set(waits)).toEqual(new Set([0]));
});
