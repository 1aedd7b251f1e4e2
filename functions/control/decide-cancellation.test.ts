import { expect, test } from 'vitest';
import { OperationKind } from '#contract/resources/operation.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { pointOfNoReturn, workflows } from '#contract/workflows.ts';
import { deploymentIn, id } from './control.fixture.ts';
import { decideCancellation, endsBefore } from './decide-cancellation.ts';
import { planOf } from './decide-operation.ts';
import { newOperation } from './new-operation.ts';

const kinds = OperationKind.options;

/** An operation whose steps up to this one have begun. */
function operationAt(kind: OperationKind, begun: number): Operation {
  const plan = planOf(kind, 'clicks');
  const fresh = newOperation(deploymentIn('running'), {
    operationId: id('9'),
    at: 'noon',
    actor: 'user:ann',
    plan,
  });
  const steps = fresh.steps.map((step, index) => {
    if (index > begun) return step;
    return { ...step, state: index === begun ? ('running' as const) : ('succeeded' as const) };
  });
  return { ...fresh, steps };
}

test.each(kinds)('the point of no return of %s is one of its steps', (kind) => {
  expect(workflows[kind].map(({ step }) => step)).toContain(pointOfNoReturn(kind));
});

test.each(kinds)('%s can be cancelled until its point of no return begins, and not from then on', (kind) => {
  const last = workflows[kind].findIndex(({ step }) => step === pointOfNoReturn(kind));
  for (const [index] of workflows[kind].entries()) {
    const decided = decideCancellation(operationAt(kind, index));
    if (index < last) expect(decided).toBe('request');
    else expect(decided).toMatchObject({ code: 'operation-not-cancellable' });
  }
});

test.each(kinds)('%s ends before whichever step comes next, once somebody asked for it', (kind) => {
  const last = workflows[kind].findIndex(({ step }) => step === pointOfNoReturn(kind));
  const asked = { ...operationAt(kind, last - 1), cancelRequestedAt: 'noon' };
  expect(endsBefore(asked, pointOfNoReturn(kind))).toBe(true);
  expect(endsBefore(operationAt(kind, last - 1), pointOfNoReturn(kind))).toBe(false);
  expect(endsBefore({ ...operationAt(kind, last), cancelRequestedAt: 'noon' }, pointOfNoReturn(kind))).toBe(
    false,
  );
});

test('one that waits leaves the queue, one that has ended is refused', () => {
  const operation = operationAt('suspend', -1);
  expect(decideCancellation({ ...operation, state: 'queued' })).toBe('leave-queue');
  expect(decideCancellation({ ...operation, cancelRequestedAt: 'noon' })).toBe('requested');
  expect(decideCancellation({ ...operation, state: 'succeeded' })).toMatchObject({
    message: expect.stringContaining('it has succeeded already'),
  });
});
