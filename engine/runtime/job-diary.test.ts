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
});
