import { expect, test } from 'vitest';
import type { Payment } from '../runtime/counting.fixture.ts';
import { decodeJson } from '../runtime/coordinator/json-object.ts';
import { Deployment } from '../runtime/job-runs.fixture.ts';
import { writeEnd } from './end-record.ts';

async function failedJob() {
  const deployment = new Deployment();
  const watch = (_: Payment) => {
    throw new RangeError('no such country');
  };
  const run = await deployment.start({ watch }, { restart: { kind: 'none' } });
  const [{ job }, end] = [run, await run.toEnd()];
  if (end === undefined) throw new Error('the job has no end');
  return { deployment, end, status: job.status(), key: `d/jobs/${job.id}/end.json` };
}

test('the end of a job is written beside its checkpoints', async () => {
  const { deployment, end, status, key } = await failedJob();
  expect(await writeEnd(deployment.storage, 'd', { end, job: status, mask: (text) => text })).toBe(true);
  const written = await deployment.storage.get(key);
  expect(decodeJson(key, written?.bytes ?? new Uint8Array())).toMatchObject({
    state: 'FAILED',
    failure: { name: 'RangeError' },
  });
});

test('the end of a process whose job lives on in another one is not written', async () => {
  const { deployment, end, status, key } = await failedJob();
  await deployment.writeHead(status.epoch + 1, status.id);
  expect(end.fenced).toBe(false);
  expect(await writeEnd(deployment.storage, 'd', { end, job: status, mask: (text) => text })).toBe(false);
  expect(await deployment.storage.get(key)).toBeUndefined();
});
