import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { caseFiles, readCases } from './case.ts';
import { difference } from './compare.ts';
import { runCase } from './run-case.ts';

const directory = fileURLToPath(new URL('../../data/operators', import.meta.url));
const extra = fileURLToPath(new URL('../../data/operators-extra', import.meta.url));

test('the whole suite is here', () => {
  const counts = caseFiles(directory).map((file) => readCases(directory, file).length);
  expect(counts).toHaveLength(14);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1154);
});

describe.each([
  ...caseFiles(directory).map((file) => [file, directory] as const),
  ...caseFiles(extra).map((file) => [`${file} (extra)`, extra] as const),
])('operators emit what Flink emits: %s', (file, from) => {
  const cases = readCases(from, file.replace(' (extra)', ''));
  test.each(cases.map((each) => [each.id, each] as const))('%s', async (_, each) => {
    expect(difference(each, await runCase(each))).toBeUndefined();
  });
});
