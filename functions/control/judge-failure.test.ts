import { expect, test } from 'vitest';
import type { OperationKind } from '#contract/resources/operation.ts';
import { DeploymentState } from '#contract/resources/deployment-state.ts';
import { workflows } from '#contract/workflows.ts';
import { judgeFailure } from './judge-failure.ts';
import type { FailedReplacement } from './judge-failure.ts';

const booleans = [true, false];
const kinds = ['upgrade', 'migrate', 'restart', 'reset', 'rollback'] as const satisfies OperationKind[];

/** Fails in the step of this name: all before it are done, all after it never ran. */
function failedIn(
  kind: OperationKind,
  step: string,
  more: Partial<FailedReplacement> = {},
): FailedReplacement {
  const names = workflows[kind].map((one) => one.step);
  const at = names.indexOf(step);
  const steps = names.map((name, index) => {
    const isDone = index < at;
    // With a savepoint there is nothing to clear.
    const state = name === 'clear-job' && isDone ? 'skipped' : isDone ? 'succeeded' : 'pending';
    return { name, state: index === at ? 'failed' : state } as const;
  });
  const claimed = at > names.indexOf('claim-epoch');
  const saved = at > names.indexOf('await-savepoint') && names.includes('await-savepoint');
  const known = {
    isClaimed: claimed,
    isSavepointComplete: saved,
    before: 'running',
    rollback: 'automatic',
  } as const;
  return { kind, steps, ...known, ...more };
}

test.each(kinds.flatMap((kind) => workflows[kind].map(({ step }) => ({ kind, step }))))(
  'a $kind that fails in $step leaves a job, brings one back, or says failed',
  ({ kind, step }) => {
    const judged = judgeFailure(failedIn(kind, step));
    const names = workflows[kind].map((one) => one.step);
    const first = names.findIndex((name) => ['await-savepoint', 'cancel-job'].includes(name));
    const at = names.indexOf(step);
    if (at < first || step === 'await-savepoint') expect(judged).toBe('untouched');
    else expect(judged).toBe(kind === 'upgrade' || kind === 'migrate' ? 'rollback' : 'failed');
  },
);

test('a savepoint that is complete though its step failed ends the job before', () => {
  expect(judgeFailure(failedIn('upgrade', 'await-savepoint', { isSavepointComplete: true }))).toBe(
    'rollback',
  );
});

test('nobody goes back to what did not run, or against the wish', () => {
  for (const before of DeploymentState.options.filter((state) => state !== 'running'))
    expect(judgeFailure(failedIn('upgrade', 'await-healthy', { before }))).toBe('failed');
  expect(judgeFailure(failedIn('upgrade', 'await-healthy', { rollback: 'none' }))).toBe('failed');
});

test.each(
  booleans.flatMap((isClaimed) =>
    booleans.flatMap((isSavepointComplete) =>
      ['pending', 'running', 'failed', 'succeeded', 'skipped'].map((clearing) => ({
        isClaimed,
        isSavepointComplete,
        clearing: clearing as 'pending',
      })),
    ),
  ),
)('a job counts as untouched only when nothing has told it to end: %j', (known) => {
  const { clearing, ...facts } = known;
  const steps = [{ name: 'clear-job', state: clearing }] as const;
  const judged = judgeFailure({ ...failedIn('upgrade', 'clear-job', facts), steps });
  const isTold = facts.isClaimed || facts.isSavepointComplete || !['pending', 'skipped'].includes(clearing);
  expect(judged).toBe(isTold ? 'rollback' : 'untouched');
});
