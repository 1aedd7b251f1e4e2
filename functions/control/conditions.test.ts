import { expect, test } from 'vitest';
import { deploymentIn } from './control.fixture.ts';
import { changedConditions, conditionsOf } from './conditions.ts';
import type { ConditionFacts } from './conditions.ts';

const nowMs = Date.parse('2026-11-21T12:00:00.000Z');
const ago = (seconds: number): string => new Date(nowMs - seconds * 1000).toISOString();
const { spec } = deploymentIn('running', {
  checkpointInterval: '10 seconds',
  checkpointing: { timeout: '1 minute' },
});
const facts = (
  more: Partial<ConditionFacts> = {},
  job: Partial<ConditionFacts['job']> = {},
): ConditionFacts => ({
  nowMs,
  job: { number: 1, spec, startedAt: ago(3600), silentSince: null, attemptsStartedAt: [ago(3600)], ...job },
  health: { state: 'RUNNING', checkpointedAtMs: nowMs - 5000, failures: { atMs: [], newest: undefined } },
  drift: [],
  ...more,
});
const types = (given: ConditionFacts): string[] => conditionsOf(given).map(({ type }) => type);

test('a job that runs and checkpoints has no condition', () => {
  expect(types(facts())).toEqual([]);
});

test('a job that restarts is failing, with its newest failure', () => {
  const failures = { atMs: [nowMs], newest: 'TypeError: no rate' };
  const [condition] = conditionsOf(facts({ health: { state: 'RESTARTING', failures } }));
  expect(condition).toMatchObject({ type: 'job-failing', reason: 'Restarting' });
  expect(condition?.message).toBe('Job 1 is restarting: TypeError: no rate.');
});

test('three failures or new attempts within ten minutes make it unstable, older ones do not', () => {
  const failed = (...seconds: number[]) => ({
    state: 'RUNNING',
    failures: { atMs: seconds.map((second) => nowMs - second * 1000), newest: undefined },
  });
  expect(types(facts({ health: failed(10, 20, 30) }))).toEqual(['job-unstable']);
  expect(types(facts({ health: failed(10, 20, 601) }))).toEqual([]);
  const attemptsStartedAt = [ago(3600), ago(100), ago(50)];
  expect(types(facts({ health: failed(10) }, { attemptsStartedAt }))).toEqual(['job-unstable']);
});

test('a checkpoint is stale after three intervals and the timeout, counted from the start at the latest', () => {
  const checkpointed = (seconds: number) => ({ checkpointedAtMs: nowMs - seconds * 1000 });
  expect(types(facts({ health: checkpointed(90) }))).toEqual([]);
  expect(types(facts({ health: checkpointed(91) }))).toEqual(['checkpoint-stale']);
  expect(types(facts({ health: { checkpointedAtMs: null } }))).toEqual(['checkpoint-stale']);
  expect(types(facts({ health: { checkpointedAtMs: null } }, { startedAt: ago(60) }))).toEqual([]);
  expect(types(facts({ health: undefined }))).toEqual([]);
});

test('silence and drift are told with since when and where', () => {
  const given = facts({ drift: [{ pointer: '/version', before: 1, after: 2 }] }, { silentSince: ago(60) });
  expect(conditionsOf(given)).toMatchObject([
    { type: 'job-unreachable', message: expect.stringContaining(ago(60)) },
    { type: 'drift', message: expect.stringContaining('/version') },
  ]);
});

test('a condition that stays keeps the time since when it holds; new ones are raised, gone ones cleared', () => {
  const drift = { type: 'drift', reason: 'SpecChanged', message: 'a' } as const;
  const stale = { type: 'checkpoint-stale', reason: 'NoCheckpointInTime', message: 'b' } as const;
  const first = changedConditions([], [drift], ago(60));
  expect(first).toMatchObject({ raised: [{ type: 'drift', since: ago(60) }], cleared: [] });
  const second = changedConditions(first.conditions, [{ ...drift, message: 'c' }, stale], ago(0));
  expect(second.conditions).toEqual([
    { ...drift, message: 'c', since: ago(60) },
    { ...stale, since: ago(0) },
  ]);
  expect(second.raised.map(({ type }) => type)).toEqual(['checkpoint-stale']);
  expect(changedConditions(second.conditions, [stale], ago(0)).cleared.map(({ type }) => type)).toEqual([
    'drift',
  ]);
});
