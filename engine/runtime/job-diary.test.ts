import { describe, expect, it } from 'vitest';
import type { Payment } from './counting.fixture.ts';
import { Deployment } from './job-runs.fixture.ts';

describe('what people want to know of a job', () => {
  it('outlives its process: the first fault, and how often it came again', async () => {
    const deployment = new Deployment();
    const jobId = '7'.repeat(32);
    const watch = ({ amount }: Payment) => {
      if (amount === 50) throw new RangeError(`amount ${amount} is wrong`);
    };
    const first = await deployment.start({ watch }, { jobId, restart: { kind: 'none' } });
    const end = await first.toEnd();
    await first.host.runFor(100);
    const second = await deployment.start({}, { jobId });
    await second.until(() => second.job.status().state === 'RUNNING');
    const { firstFault, faultGroups } = second.job.status();
    expect(firstFault).toEqual(end?.failure);
    expect(faultGroups).toMatchObject([{ name: 'RangeError', count: 1 }]);
  });

  it('is begun anew when it cannot be read', async () => {
    const deployment = new Deployment();
    const jobId = '7'.repeat(32);
    await deployment.storage.put(`d/jobs/${jobId}/diary.json`, new TextEncoder().encode('{'));
    const run = await deployment.start({}, { jobId });
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(run.job.status().faults).toEqual([]);
  });

  it('says nothing of what befalls a process that was replaced', async () => {
    const deployment = new Deployment();
    const jobId = '7'.repeat(32);
    const zombie = await deployment.start({ count: 2000 }, { jobId });
    await zombie.checkpoints(1);
    await deployment.writeHead(9, jobId);
    expect(await zombie.toEnd()).toMatchObject({ fenced: true });
    await zombie.host.runFor(100);
    expect(await deployment.keys(`d/jobs/${jobId}/diary`)).toEqual([]);

    deployment.epoch = 9;
    const watch = () => {
      throw new RangeError('its own fault');
    };
    const next = await deployment.start({ watch }, { jobId, restart: { kind: 'none' } });
    const end = await next.toEnd();
    expect([end?.fenced, end?.failure?.message]).toEqual([false, expect.stringContaining('its own fault')]);
    expect(next.job.status().firstFault).toEqual(end?.failure);
  });

  it('says nothing of a fault of the program in a process that was replaced', async () => {
    const deployment = new Deployment();
    const jobId = '7'.repeat(32);
    let replaced = false;
    const watch = () => {
      if (replaced) throw new RangeError('of the zombie');
    };
    const zombie = await deployment.start({ watch, count: 2000 }, { jobId, restart: { kind: 'none' } });
    await zombie.until(() => zombie.job.status().state === 'RUNNING');
    await deployment.writeHead(9, jobId);
    replaced = true;
    expect(await zombie.toEnd()).toMatchObject({ fenced: false, failure: { name: 'RangeError' } });
    await zombie.host.runFor(100);
    expect(await deployment.keys(`d/jobs/${jobId}/diary`)).toEqual([]);
  });

  it('does not pass for the reason why a later process ends', async () => {
    const deployment = new Deployment();
    const jobId = '7'.repeat(32);
    const failing = (message: string) => ({
      watch: () => {
        throw new RangeError(message);
      },
    });
    const first = await deployment.start(failing('first'), { jobId, restart: { kind: 'none' } });
    await first.toEnd();
    await first.host.runFor(100);
    const second = await deployment.start(failing('second'), { jobId, restart: { kind: 'none' } });
    const end = await second.toEnd();
    expect(end?.failure?.message).toContain('second');
    expect(second.job.status().firstFault?.message).toContain('first');
  });
});
