import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServiceScheduler, serviceGroup } from './service-scheduler.ts';
import type { TaskRecord } from './task-record.ts';

const service = { name: 'simulator', cluster: 'c', taskDefinition: 'd', desiredCount: 2 };

function stopped(ranMs: number, group = serviceGroup('simulator')): TaskRecord {
  return {
    arn: 'arn:aws:ecs:eu-west-1:000000000000:task/c/1',
    clusterArn: 'c',
    taskDefinitionArn: 'd',
    status: 'STOPPED',
    desiredStatus: 'STOPPED',
    containers: [],
    overrides: {},
    group,
    tags: [],
    cpu: '256',
    memoryMb: 512,
    createdAt: 0,
    startedAt: 0,
    stoppedAt: ranMs,
    version: 1,
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a service', () => {
  it('has its desired count of tasks and gets a new one for each that stops, later and later', async () => {
    const run = vi.fn<() => void>();
    const scheduler = new ServiceScheduler(run);
    scheduler.put(service);
    scheduler.start();
    expect(run).toHaveBeenCalledTimes(2);
    for (const delayMs of [1_000, 2_000, 4_000]) {
      run.mockClear();
      scheduler.onStopped(stopped(10));
      await vi.advanceTimersByTimeAsync(delayMs - 1);
      expect(run).toHaveBeenCalledTimes(0);
      await vi.advanceTimersByTimeAsync(1);
      expect(run).toHaveBeenCalledTimes(1);
    }
    scheduler.close();
  });

  it('whose task ran for a minute begins with the short delay again', async () => {
    const run = vi.fn<() => void>();
    const scheduler = new ServiceScheduler(run);
    scheduler.put(service);
    scheduler.start();
    scheduler.onStopped(stopped(10));
    await vi.advanceTimersByTimeAsync(1_000);
    run.mockClear();
    scheduler.onStopped(stopped(60_000));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(run).toHaveBeenCalledTimes(1);
    scheduler.close();
  });

  it('has no more than its desired count when tasks of an earlier process are ended first', async () => {
    const run = vi.fn<() => void>();
    const scheduler = new ServiceScheduler(run);
    scheduler.put(service);
    scheduler.onStopped(stopped(10));
    scheduler.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(run).toHaveBeenCalledTimes(2);
    scheduler.close();
  });

  it('has nothing to do with other tasks', async () => {
    const run = vi.fn<() => void>();
    const scheduler = new ServiceScheduler(run);
    scheduler.put(service);
    scheduler.start();
    run.mockClear();
    scheduler.onStopped(stopped(10, 'family:worker'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(run).toHaveBeenCalledTimes(0);
  });
});
