import { expect, test } from 'vitest';
import { deadLetters, faultList, noFaults } from './fault-view.ts';

const fault = {
  atMs: 1000,
  name: 'TypeError',
  message: 'no rate for XYZ',
  operator: 'to-eur',
  vertex: 'payments -> to-eur',
  record: '{"currency":"XYZ"}',
};
const shown = {
  at: '1970-01-01T00:00:01.000Z',
  reason: 'TypeError',
  message: 'no rate for XYZ',
  operator: 'to-eur',
  record: '{"currency":"XYZ"}',
};

test('faults keep their record and operator, groups their count and times', () => {
  const group = {
    fingerprint: 'f',
    name: 'TypeError',
    message: 'no rate',
    count: 3,
    firstAtMs: 0,
    lastAtMs: 2000,
  };
  expect(faultList({ faults: [fault], firstFault: fault, faultGroups: [group] })).toEqual({
    faults: [shown],
    first: shown,
    groups: [
      {
        fingerprint: 'f',
        name: 'TypeError',
        message: 'no rate',
        count: 3,
        firstAt: '1970-01-01T00:00:00.000Z',
        lastAt: '1970-01-01T00:00:02.000Z',
      },
    ],
  });
});

test('a job of another engine has no faults and no dead letters', () => {
  expect(faultList({ errors: ['Not found.'] })).toEqual(noFaults);
  expect(deadLetters('Not found')).toEqual([]);
});

test('a dead letter says when it was set aside and over which fault', () => {
  const record = { id: 'a', status: 'set-aside', setAsideAtMs: 2000, eventTimeMs: 500, jobId: 'j', fault };
  expect(deadLetters({ records: [record] })).toEqual([
    {
      id: 'a',
      status: 'set-aside',
      setAsideAt: '1970-01-01T00:00:02.000Z',
      eventTime: '1970-01-01T00:00:00.500Z',
      fault: shown,
    },
  ]);
});
