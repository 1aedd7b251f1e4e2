import { expect, test } from 'vitest';
import { NamespaceQuota } from '#contract/resources/namespace.ts';
import { checkQuota, checkSavepointQuota, hasQuota } from './check-quota.ts';
import { deploymentIn } from './control.fixture.ts';

const named = (name: string, state: Parameters<typeof deploymentIn>[0], cpu = 1) => ({
  ...deploymentIn(state, { resources: { cpu }, parallelism: 4 }),
  name,
});
const team = (quota: Partial<NamespaceQuota>) => ({ name: 'team', quota: NamespaceQuota.parse(quota) });
const create = { isNew: true, willRun: false };
const start = { isNew: false, willRun: true };

test('without a quota everything is allowed', () => {
  expect(hasQuota(team({}).quota)).toBe(false);
  const held = Array.from({ length: 500 }, (_, index) => named(`clicks-${index}`, 'running', 16));
  const deployment = named('one-more', 'cancelled', 16);
  expect(checkQuota(team({}), held, { deployment, isNew: true, willRun: true })).toBeUndefined();
});

test('a namespace that is full takes no further deployment, and says how full it is', () => {
  const held = [named('a', 'running'), named('b', 'cancelled')];
  const deployment = named('c', 'cancelled');
  expect(checkQuota(team({ maxDeployments: 3 }), held, { deployment, ...create })).toBeUndefined();
  const refused = checkQuota(team({ maxDeployments: 2 }), held, { deployment, ...create });
  expect(refused).toMatchObject({ code: 'quota-exceeded', status: 409 });
  expect(refused?.message).toBe(
    'Cannot create deployment "c": there are 2 deployments; quota maxDeployments of namespace "team" is 2',
  );
});

test('a deployment in transition counts as a job that runs, and one that is started again not twice', () => {
  const held = [named('a', 'running'), named('b', 'transitioning'), named('c', 'suspended')];
  const quota = team({ maxRunningJobs: 2 });
  expect(checkQuota(quota, held, { deployment: named('c', 'suspended'), ...start })?.message).toContain(
    '2 other jobs run',
  );
  expect(checkQuota(quota, held, { deployment: named('b', 'transitioning'), ...start })).toBeUndefined();
});

test('vCPUs of the jobs that run count together', () => {
  const held = [named('a', 'running', 2), named('b', 'suspended', 8)];
  const deployment = named('c', 'cancelled', 1.5);
  expect(checkQuota(team({ maxCpu: 3.5 }), held, { deployment, ...start })).toBeUndefined();
  const refused = checkQuota(team({ maxCpu: 3 }), held, { deployment, ...start });
  expect(refused?.message).toContain('it needs 1.5 vCPU, and the jobs that run have 2');
});

test('parallelism is bounded already when a deployment is created', () => {
  const deployment = named('a', 'cancelled');
  expect(checkQuota(team({ maxParallelism: 4 }), [], { deployment, ...create })).toBeUndefined();
  expect(checkQuota(team({ maxParallelism: 3 }), [], { deployment, ...create })?.message).toContain(
    'its parallelism is 4',
  );
});

test('a deployment has as many savepoints as its namespace allows', () => {
  expect(checkSavepointQuota(team({ maxSavepoints: 2 }), 'a', 1)).toBeUndefined();
  expect(checkSavepointQuota(team({}), 'a', 1000)).toBeUndefined();
  expect(checkSavepointQuota(team({ maxSavepoints: 2 }), 'a', 2)).toMatchObject({ code: 'quota-exceeded' });
});
