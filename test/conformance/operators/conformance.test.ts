import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { caseFiles, readCases } from './case.ts';
import { difference } from './compare.ts';
import { runCase } from './run-case.ts';

const directory = fileURLToPath(new URL('../../data/operators', import.meta.url));

test('the whole suite is here', () => {
  const counts = caseFiles(directory).map((file) => readCases(directory, file).length);
  expect(counts).toHaveLength(14);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1154);
});

describe.each(caseFiles(directory))('operators emit what Flink emits: %s', (file) => {
  test.each(readCases(directory, file).map((each) => [each.id, each] as const))('%s', async (_, each) => {
    expect(difference(each, await runCase(each))).toBeUndefined();
  });
});
