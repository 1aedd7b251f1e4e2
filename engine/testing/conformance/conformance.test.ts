import { describe, expect, test } from 'vitest';
import { readCases } from './case.ts';
import { isSupportedProcess, type ProcessCase, processSubject } from './process-subject.ts';
import { expectedEmissions, runCase } from './run-case.ts';
import { isSupportedWindow, type WindowCase, windowSubject } from './window-subject.ts';

describe('windows emit what Flink emits', () => {
  const cases = readCases<WindowCase>('window').filter(isSupportedWindow);
  test('of every supported kind there are cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(44);
  });
  test.each(cases.map((each) => [each.id, each] as const))('%s', (_, each) => {
    expect(runCase(each, windowSubject(each))).toEqual(expectedEmissions(each.output));
  });
});

describe('process functions emit what Flink emits', () => {
  const cases = [...readCases<ProcessCase>('process'), ...readCases<ProcessCase>('rescale')].filter(
    isSupportedProcess,
  );
  test('of every supported kind there are cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(150);
  });
  test.each(cases.map((each) => [each.id, each] as const))('%s', (_, each) => {
    expect(runCase(each, processSubject(each))).toEqual(expectedEmissions(each.output));
  });
});
