import { expect, test } from 'vitest';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Platform } from '../middleware/platform.ts';
import { disposalStatus, noJobOf, triggerKey, triggerStatus } from './flink-trigger.ts';

const triggerId = 'b'.repeat(32);
// Only what is read of a deployment and of the stores.
const deployment = { id: 'd' } as Deployment;

function platformWith(operation: Readonly<Record<string, unknown>>): Platform {
  const stores = {
    idempotency: {
      get: async (_: string, key: string) =>
        key === triggerKey(triggerId) ? { operationId: 'o' } : undefined,
    },
    operations: { get: async (id: string) => (id === 'o' ? { deploymentId: 'd', ...operation } : undefined) },
    savepoints: { get: async () => ({ location: 's3://bucket/one' }) },
  };
  return { stores } as unknown as Platform;
}

test('a failed operation is told with the Java object that the command line prints', async () => {
  const failed = platformWith({ state: 'failed', problem: { detail: 'The disk is full.' } });
  const status = await triggerStatus(failed, deployment, triggerId);
  expect(status).toMatchObject({
    status: { id: 'COMPLETED' },
    operation: { 'failure-cause': { 'stack-trace': expect.stringContaining('The disk is full.') } },
  });
  const [, base64 = ''] = /"serialized-throwable":"([^"]+)"/.exec(JSON.stringify(status)) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  expect(bytes.subarray(0, 4).toString('hex')).toBe('aced0005');
  expect(bytes.toString('latin1')).toContain('The disk is full.');
});

test('an operation under way and one that succeeded are told apart', async () => {
  const status = async (state: string) =>
    triggerStatus(platformWith({ state, savepointId: 's' }), deployment, triggerId);
  expect(await status('running')).toEqual({ status: { id: 'IN_PROGRESS' }, operation: null });
  expect(await status('succeeded')).toEqual({
    status: { id: 'COMPLETED' },
    operation: { location: 's3://bucket/one' },
  });
});

test('an id that is none of ours is left to the job', async () => {
  const status = await triggerStatus(
    platformWith({ state: 'running' }),
    { ...deployment, id: 'other' },
    triggerId,
  );
  expect(status).toBeUndefined();
});

test('a disposal is over when the savepoint of its id is gone', async () => {
  const platform = platformWith({});
  expect(await disposalStatus(platform, deployment, triggerId)).toEqual({
    status: { id: 'IN_PROGRESS' },
    operation: null,
  });
  const gone = { stores: { savepoints: { get: async () => undefined } } } as unknown as Platform;
  expect(await disposalStatus(gone, deployment, triggerId)).toEqual({
    status: { id: 'COMPLETED' },
    operation: {},
  });
});

test('what was asked of a job that is not there fails with its id', () => {
  expect(noJobOf('0'.repeat(32))).toMatchObject({
    operation: {
      'failure-cause': { 'stack-trace': expect.stringContaining('Could not find Flink job (000') },
    },
  });
});
