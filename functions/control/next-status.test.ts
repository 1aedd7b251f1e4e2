import { expect, test } from 'vitest';
import { OperationKind } from '#contract/resources/operation.ts';
import { nextStatus } from './next-status.ts';

const booleans = [true, false];
const ends = OperationKind.options.flatMap((kind) =>
  booleans.flatMap((succeeded) =>
    booleans.flatMap((isTaskAlive) =>
      booleans.map((isSavepointComplete) => ({ kind, succeeded, isTaskAlive, isSavepointComplete })),
    ),
  ),
);

test.each(ends)('an end is a stated status: %j', (end) => {
  expect(nextStatus(end).state).not.toBe('transitioning');
});

test.each([
  ['start', 'running', 'running', 'running'],
  ['recover', 'running', 'running', 'running'],
  ['suspend', 'suspended', 'suspended', 'terminated'],
  ['cancel', 'cancelled', 'cancelled', 'terminated'],
  ['savepoint', 'running', 'running', null],
] as const)('a %s that succeeds leaves the deployment %s', (kind, state, desiredState, jobState) => {
  const end = { kind, succeeded: true, isTaskAlive: true, isSavepointComplete: true };
  expect(nextStatus(end)).toEqual({ state, desiredState, jobState });
});

const failed = { succeeded: false, isTaskAlive: true, isSavepointComplete: false };

test.each(['start', 'recover'] as const)('a %s that fails leaves job and deployment failed', (kind) => {
  expect(nextStatus({ ...failed, kind })).toMatchObject({ state: 'failed', jobState: 'failed' });
});

test.each(['suspend', 'savepoint'] as const)('a %s without a savepoint leaves the job running', (kind) => {
  expect(nextStatus({ ...failed, kind })).toEqual({
    state: 'running',
    desiredState: 'running',
    jobState: null,
  });
});

test('a suspend that failed after its savepoint is suspended as soon as no process is left', () => {
  const suspend = { ...failed, kind: 'suspend', isSavepointComplete: true } as const;
  expect(nextStatus(suspend).state).toBe('failed');
  expect(nextStatus({ ...suspend, isTaskAlive: false }).state).toBe('suspended');
});

test('a cancel that fails leaves the deployment failed with its job given up', () => {
  expect(nextStatus({ ...failed, kind: 'cancel' })).toMatchObject({
    state: 'failed',
    jobState: 'terminated',
  });
});
