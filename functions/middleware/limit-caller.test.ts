import { afterEach, beforeEach, expect, test } from 'vitest';
import { Problem } from '#contract/problems.ts';
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
  expect(taken.slice(0, 20)).toEqual(new Array(20).fill(0));
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

test('one caller who floods is told how long to wait, and another is answered', () => {
  const flood = () => {
    for (let request = 0; request < 41; request++) limitCaller('token:flood', 1000);
  };
  expect(flood).toThrow(Problem);
  try {
    limitCaller('token:flood', 1000);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: 'too-many-requests', details: { retryAfterSeconds: 1 } });
  }
  expect(() => limitCaller('user:other', 1000)).not.toThrow();
  expect(() => limitCaller('token:flood', 2000)).not.toThrow();
});

test('a rate of 0 is no limit', () => {
  process.env[functionEnvironment.requestRate] = '0';
  const many = () => {
    for (let request = 0; request < 1000; request++) limitCaller('user:test', 0);
  };
  expect(many).not.toThrow();
});
