import { expect, test } from 'vitest';
import type { DeploymentSpec } from '#contract/resources/deployment.ts';
import { deploymentIn } from './control.fixture.ts';
import { isEqual, pendingSentence, specChange } from './spec-change.ts';

const changed = (state: Parameters<typeof deploymentIn>[0], change: Partial<DeploymentSpec>) => {
  const deployment = deploymentIn(state);
  return specChange(deployment, { ...deployment.spec, ...change });
};

test.each([
  ['running', 'start'],
  ['suspended', 'suspend'],
] as const)('the desired state %s asks for %s', (desiredState, verb) => {
  expect(changed('cancelled', { desiredState })).toMatchObject({ verb });
});

test('a desired state that is the same asks for nothing, whatever is observed', () => {
  for (const state of ['running', 'failed', 'finished', 'suspended'] as const) {
    expect(changed(state, { desiredState: 'cancelled' })).toMatchObject({ verb: null });
  }
});

test('what a job is started with upgrades a running one, and nothing else does', () => {
  const change = { version: 2, parallelism: 4, configuration: { a: 1 } };
  expect(changed('running', change)).toEqual({ verb: 'upgrade', pending: [] });
  expect(changed('suspended', change)).toEqual({ verb: null, pending: [] });
  const quiet = { protected: true, restoreStrategy: { kind: 'latest-savepoint' } } as const;
  expect(changed('running', quiet)).toEqual({ verb: null, pending: [] });
});

test.each([
  [{ parallelism: 4 }, 'rescale'],
  [{ target: 'frankfurt' }, 'migrate'],
  [{ parallelism: 4, target: 'frankfurt' }, 'upgrade'],
  [{ checkpointInterval: '1 minute' }, 'upgrade'],
] as const)('the change %j asks for %s', (change, verb) => {
  expect(changed('running', change)).toMatchObject({ verb });
});

test('with the strategy none a change waits, until the strategy is another one', () => {
  const none = {
    kind: 'none',
    gate: deploymentIn('running').spec.upgradeStrategy.gate,
    rollback: 'automatic',
  };
  const waiting = deploymentIn('running', { upgradeStrategy: none });
  const next = { ...waiting.spec, version: 2 };
  expect(specChange(waiting, next)).toEqual({ verb: null, pending: ['version'] });
  const held = { ...waiting, spec: next };
  const lifted = { ...next, upgradeStrategy: deploymentIn('running').spec.upgradeStrategy };
  expect(specChange(held, lifted, waiting.spec)).toEqual({ verb: 'upgrade', pending: [] });
});

test('while an operation is under way a change waits', () => {
  const busy = deploymentIn('transitioning', {}, '5'.repeat(26));
  expect(specChange(busy, { ...busy.spec, version: 2 })).toEqual({ verb: null, pending: ['version'] });
});

test('the application of a deployment cannot be changed', () => {
  expect(changed('cancelled', { application: 'other' })).toMatchObject({ code: 'invalid-request' });
});

test('a sentence names what waits', () => {
  expect(pendingSentence([])).toBeUndefined();
  expect(pendingSentence(['version'])).toMatch(/^The changed version takes effect/);
  expect(pendingSentence(['version', 'limits'])).toMatch(/^The changed version, limits take effect/);
});

test('documents are equal whatever the order of their members', () => {
  expect(isEqual({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
  expect(isEqual([1, 2], [2, 1])).toBe(false);
});
