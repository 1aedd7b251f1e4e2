import { expect, test } from 'vitest';
import { closestName } from './closest-name.ts';

const known = ['parallelism', 'maxParallelism', 'version', 'target'];

test.each([
  ['paralelism', 'parallelism'],
  ['Parallelism', 'parallelism'],
  ['maxparallelism', 'maxParallelism'],
  ['verison', 'version'],
  ['traget', 'target'],
])('the name %s means %s', (name, meant) => {
  expect(closestName(name, known)).toBe(meant);
});

test.each(['color', '', 'x', 'parallel-universe'])('the name "%s" means none that is known', (name) => {
  expect(closestName(name, known)).toBeUndefined();
});
