/** How a job takes over from the one before it, with a worker that misbehaves as it is told while it waits. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '#contract/resources/job.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';
import { pushVersion } from './push-version.fixture.ts';

let plane: ControlPlane;
const namespace = 'default';
const application = 'payments-dashboard';

beforeAll(async () => {
  plane = await openControlPlane();
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  await pushVersion(plane, application, { text: 'export default 1', state: {} });
});

afterAll(async () => plane.close());

/** A deployment that runs, and is restarted. */
async function restarted(name: string, configuration: object): Promise<Operation> {
  const spec = { application, version: 1, desiredState: 'running', configuration };
  const created = await plane.call('createDeployment', { params: { namespace }, body: { name, spec } });
  expect(created.status).toBe(201);
  const params = { namespace, operation: created.body.status.operationId };
  await plane.carryOut((await plane.call('getOperation', { params })).body);
  const answer = await plane.call('restartDeployment', {
    params: { namespace, deployment: name },
    body: {},
    headers: { 'idempotency-key': randomUUID() },
  });
  expect(answer.status).toBe(202);
  return plane.carryOut(answer.body);
}

function stepOf({ steps }: Operation, name: string) {
  return steps.find((step) => step.name === name);
}

async function jobsOf(deployment: string): Promise<readonly Job[]> {
  return (await plane.call('listJobs', { params: { namespace, deployment } })).body.items;
}

describe('a restart', () => {
  test('hands over to a worker that was ready before the old job stopped', async () => {
    const operation = await restarted('smooth', {});
    expect(operation).toMatchObject({ state: 'succeeded', problem: null });
    expect(stepOf(operation, 'prepare-task')).toMatchObject({ state: 'succeeded' });
    expect(stepOf(operation, 'start-task')?.message).toMatch(/has taken over/);
    expect(operation.pauseMs).toBeGreaterThanOrEqual(0);
    const [second, first] = await jobsOf('smooth');
    expect(second).toMatchObject({ number: 2, state: 'running' });
    expect(second?.attempts).toHaveLength(1);
    expect(first).toMatchObject({ number: 1, state: 'terminated' });
    // Its own mark is another one, and yet the sweep knows whose the task is.
    await plane.sweep();
    expect(await plane.deployment('smooth')).toMatchObject({ status: { state: 'running' } });
  });

  test('starts a worker after the stop where none could be prepared', async () => {
    const operation = await restarted('unprepared', { standby: 'dies' });
    expect(operation).toMatchObject({ state: 'succeeded', problem: null });
    expect(stepOf(operation, 'prepare-task')).toMatchObject({ state: 'skipped' });
    expect(stepOf(operation, 'prepare-task')?.message).toMatch(/started after the job has stopped/);
    expect((await jobsOf('unprepared'))[0]?.attempts).toHaveLength(1);
  });

  test.each(['refuses', 'dies-at-begin'])(
    'begins another attempt with an epoch of its own when the worker that waits %s',
    async (standby) => {
      const operation = await restarted(`lost-${standby}`, { standby });
      expect(operation).toMatchObject({ state: 'succeeded', problem: null });
      const [second] = await jobsOf(`lost-${standby}`);
      expect(second).toMatchObject({ number: 2, state: 'running' });
      const [lost, next] = second?.attempts ?? [];
      expect(next?.epoch).toBeGreaterThan(lost?.epoch ?? Infinity);
      expect(next?.taskArn).not.toBe(lost?.taskArn);
    },
  );
});
