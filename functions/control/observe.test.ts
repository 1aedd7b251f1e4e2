import { expect, test } from 'vitest';
import { id } from './control.fixture.ts';
import { observe, ownerOf, STANDBY_ATTEMPT, startedBy } from './observe.ts';
import type { Observation, ObservedJob, ObservedOperation } from './observe.ts';

const nowMs = 1_000_000;
const quiet: Observation = { nowMs, operations: [], jobs: [], tasks: [] };
const operation: ObservedOperation = {
  id: id('5'),
  namespace: 'default',
  deployment: 'clicks',
  deploymentId: id('1'),
  state: 'pending',
  createdAtMs: 0,
  execution: 'running',
};
const job: ObservedJob = {
  deploymentId: id('1'),
  number: 2,
  attempt: 3,
  taskArn: 'arn:task',
  hasActiveOperation: false,
  isTaskAlive: true,
  answers: true,
  silentSinceMs: undefined,
};
const owner = { deploymentId: id('1'), jobNumber: 2, attempt: 3 };
const task = { arn: 'arn:task', startedBy: startedBy(owner), createdAtMs: 0 };
const kinds = (observation: Partial<Observation>) =>
  observe({ ...quiet, ...observation }).map(({ kind }) => kind);

test('nothing is done where everything is as it should be', () => {
  expect(observe({ ...quiet, operations: [operation], jobs: [job], tasks: [task] })).toEqual([]);
});

test.each([
  ['missing', ['start-execution']],
  ['failed', ['fail-operation']],
  ['succeeded', ['fail-operation']],
  ['running', []],
] as const)('an old operation whose execution is %s gives %j', (execution, actions) => {
  expect(kinds({ operations: [{ ...operation, execution }] })).toEqual(actions);
});

test('a young operation is left alone', () => {
  const young = { ...operation, createdAtMs: nowMs - 1000, execution: 'missing' } as const;
  expect(kinds({ operations: [young] })).toEqual([]);
});

test.each([false, undefined])('a job whose task is alive: %s is examined', (isTaskAlive) => {
  expect(kinds({ jobs: [{ ...job, isTaskAlive }] })).toEqual(['examine-job']);
});

test('a job with an operation under way is left to it', () => {
  expect(kinds({ jobs: [{ ...job, isTaskAlive: false, hasActiveOperation: true }] })).toEqual([]);
});

test.each([
  [false, undefined, ['note-silence']],
  [false, nowMs - 30_000, []],
  [false, nowMs - 60_000, ['replace-silent']],
  [true, nowMs - 60_000, ['note-answer']],
  [undefined, nowMs - 60_000, []],
] as const)('a job that answers: %s, silent since %s, gives %j', (answers, silentSinceMs, actions) => {
  expect(kinds({ jobs: [{ ...job, answers, silentSinceMs }] })).toEqual(actions);
});

test('a silent job with an operation under way is left to it', () => {
  const silent = { ...job, answers: false, silentSinceMs: 0, hasActiveOperation: true };
  expect(kinds({ jobs: [silent] })).toEqual([]);
});

test('a task of an older attempt, or of a job that ended, is a leftover', () => {
  expect(observe({ ...quiet, tasks: [task] })).toEqual([{ kind: 'stop-leftover', arn: 'arn:task', owner }]);
  const next = { ...job, attempt: 4, taskArn: 'arn:next' };
  expect(kinds({ jobs: [next], tasks: [task] })).toEqual(['stop-leftover']);
});

test('of two tasks of one attempt that which is not on record is a leftover, before it is on record none', () => {
  const second = { ...task, arn: 'arn:second' };
  const recorded = { ...job, taskArn: 'arn:task' };
  expect(observe({ ...quiet, jobs: [recorded], tasks: [task, second] })).toEqual([
    { kind: 'stop-leftover', arn: 'arn:second', owner },
  ]);
  expect(kinds({ jobs: [{ ...job, taskArn: null }], tasks: [task, second] })).not.toContain('stop-leftover');
});

test('a job that its deployment does not want is ended, unless an operation is under way', () => {
  expect(kinds({ jobs: [{ ...job, isUnwanted: true }] })).toEqual(['end-zombie']);
  expect(kinds({ jobs: [{ ...job, isUnwanted: true, hasActiveOperation: true }] })).toEqual([]);
});

test('an operation that waits is given its turn, whatever its age', () => {
  const waiting = { ...operation, state: 'queued', execution: 'missing' } as const;
  expect(kinds({ operations: [{ ...waiting, createdAtMs: nowMs }] })).toEqual(['begin-queued']);
});

test('a young task and a task of somebody else are left alone', () => {
  expect(kinds({ tasks: [{ ...task, createdAtMs: nowMs - 1000 }] })).toEqual([]);
  expect(kinds({ tasks: [{ ...task, startedBy: 'ecs-svc/123' }] })).toEqual([]);
});

test('the mark of a task names its attempt', () => {
  expect(ownerOf(startedBy(owner))).toEqual(owner);
  expect(startedBy(owner).length).toBeLessThanOrEqual(128);
});

test('a task that waits for the job before it to end is left alone as long as an operation may need it', () => {
  const standby = {
    arn: 'arn:standby',
    startedBy: startedBy({ ...owner, jobNumber: 3, attempt: STANDBY_ATTEMPT }),
    createdAtMs: 0,
  };
  expect(kinds({ operations: [operation], jobs: [job], tasks: [standby] })).toEqual([]);
  expect(kinds({ jobs: [job], tasks: [standby] })).toEqual(['stop-leftover']);
  const taken = { ...job, number: 3, attempt: 1, taskArn: standby.arn };
  expect(kinds({ jobs: [taken], tasks: [standby] })).toEqual([]);
});
