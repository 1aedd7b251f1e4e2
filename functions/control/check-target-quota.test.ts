import { describe, expect, test } from 'vitest';
import { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import { checkTargetQuota } from './check-target-quota.ts';
import { deploymentIn, id } from './control.fixture.ts';

const at = '2026-11-21T12:00:00.000Z';
const full = (quota: Record<string, number>) =>
  DeploymentTarget.parse({ name: 'default', quota, createdAt: at, modifiedAt: at, revision: 1 });
const asked = deploymentIn('cancelled', { parallelism: 2, resources: { cpu: 1, memoryMb: 1024 } });
const job = (deploymentId: string, spec: Record<string, unknown> = {}) => ({
  deploymentId,
  spec: deploymentIn('running', spec).spec,
});

describe('the quota of a target', () => {
  test('refuses the job that would exceed it, with the numbers', () => {
    const live = [job(id('2'), { parallelism: 3 })];
    const problem = checkTargetQuota(asked, full({ maxParallelism: 4 }), live);
    expect(problem?.code).toBe('quota-exceeded');
    expect(problem?.message).toBe(
      'Cannot start deployment "clicks": target "default" allows 4 subtasks side by side, 3 are in use and 2 more are asked for; end another job or raise maxParallelism',
    );
    expect(checkTargetQuota(asked, full({ maxParallelism: 5 }), live)).toBeUndefined();
  });

  test('counts each limit by itself', () => {
    const live = [job(id('2'), { resources: { cpu: 2, memoryMb: 4096 } })];
    expect(checkTargetQuota(asked, full({ maxJobs: 1 }), live)?.message).toContain('allows 1 jobs');
    expect(checkTargetQuota(asked, full({ maxCpu: 2.5 }), live)?.message).toContain('2 are in use');
    expect(checkTargetQuota(asked, full({ maxMemoryMb: 5000 }), live)?.message).toContain('MB');
    expect(checkTargetQuota(asked, full({ maxJobs: 2, maxCpu: 3, maxMemoryMb: 5120 }), live)).toBeUndefined();
  });

  test('counts neither jobs of other targets nor the one whose place is taken', () => {
    const live = [job(id('2'), { target: 'elsewhere' }), job(asked.id)];
    expect(checkTargetQuota(asked, full({ maxJobs: 1 }), live)).toBeUndefined();
  });
});
