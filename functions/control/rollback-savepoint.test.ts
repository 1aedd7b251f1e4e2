import { expect, test } from 'vitest';
import type { GraphDescription } from '#contract/resources/application-version.ts';
import { deploymentIn, savepointAt } from './control.fixture.ts';
import { rollbackSavepoint } from './rollback-savepoint.ts';

const graph = (kind: 'double' | 'string'): GraphDescription => ({
  nodes: [
    {
      id: 'a'.repeat(32),
      name: 'count',
      kind: 'process',
      inputs: [],
      state: [{ name: 'total', kind: 'value', schema: kind, valueType: { kind } }],
      description: {},
    },
  ],
});
const graphs = new Map([
  [1, graph('double')],
  [2, graph('double')],
  [3, graph('string')],
]);
const { spec } = deploymentIn('running');
const target = { revision: 4, spec, graphs };
const savepoint = (digit: string, minute: number, version: number, specRevision: number | null = null) => ({
  ...savepointAt(digit, `2026-11-21T12:0${minute}:00.000Z`),
  version,
  specRevision,
});

test('a savepoint of the revision comes before newer ones of its version, and these before compatible ones', () => {
  const ofRevision = savepoint('2', 1, 1, 4);
  const ofVersion = savepoint('3', 2, 1, 3);
  const compatible = savepoint('4', 3, 2, 5);
  const foreign = savepoint('5', 4, 3, 6);
  expect(rollbackSavepoint([ofRevision, ofVersion, compatible, foreign], target)).toBe(ofRevision);
  expect(rollbackSavepoint([ofVersion, compatible, foreign], target)).toBe(ofVersion);
  expect(rollbackSavepoint([compatible, foreign], target)).toBe(compatible);
  expect(rollbackSavepoint([foreign], target)).toBeUndefined();
});

test('of several that fit the newest complete one is taken', () => {
  const older = savepoint('2', 1, 1, 4);
  const newer = savepoint('3', 2, 1, 4);
  const failed = { ...savepoint('4', 3, 1, 4), state: 'failed' as const };
  expect(rollbackSavepoint([older, newer, failed], target)).toBe(newer);
});
