import { expect, test } from 'vitest';
import { barePath, disposalTrigger, jobVerb, savepointTrigger } from './flink-path.ts';

const job = 'a'.repeat(32);
const trigger = 'b'.repeat(32);

test.each([
  ['v1/jobs/overview', 'jobs/overview'],
  ['jobs/overview', 'jobs/overview'],
  ['/v1/jobs/', 'jobs'],
  ['v1', ''],
  ['v1beta/jobs', 'v1beta/jobs'],
])('the path %s is %s', (path, bare) => {
  expect(barePath(path)).toBe(bare);
});

test('ids and verbs are read out of a path', () => {
  expect(savepointTrigger(`jobs/${job}/savepoints/${trigger}`)).toEqual({ jobId: job, triggerId: trigger });
  expect(savepointTrigger(`jobs/${job}/savepoints`)).toBeUndefined();
  expect(jobVerb(`jobs/${job}/stop`)).toEqual({ jobId: job, verb: 'stop' });
  expect(jobVerb(`jobs/${job}`)).toEqual({ jobId: job, verb: '' });
  expect(jobVerb('jobs/overview')).toBeUndefined();
});

test('a disposal is asked about by its trigger id', () => {
  expect(disposalTrigger(`savepoint-disposal/${trigger}`)).toBe(trigger);
  expect(disposalTrigger('savepoint-disposal')).toBeUndefined();
});
