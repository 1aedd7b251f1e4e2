import { expect, test } from 'vitest';
import { workerEnvironment } from '#contract/names.ts';
import { Job } from '#contract/resources/job.ts';
import type { Attempt, RestoredFrom } from '#contract/resources/job.ts';
import { deploymentIn } from './control.fixture.ts';
import { restoreOf, workerSettings } from './worker-settings.ts';

const at = '2026-11-21T12:00:00.000Z';
const attempt = (number: number): Attempt => ({
  number,
  epoch: 9,
  taskArn: null,
  startedAt: at,
  endedAt: null,
  reason: null,
});
const { id, name, namespace, spec } = deploymentIn('transitioning');
const jobFrom = (restoredFrom: RestoredFrom): Job =>
  Job.parse({
    id: 'f'.repeat(32),
    number: 1,
    namespace,
    deployment: name,
    deploymentId: id,
    state: 'starting',
    spec,
    applicationSha256: 'a'.repeat(64),
    graphHash: 'b'.repeat(64),
    restoredFrom,
    attempts: [],
    createdAt: at,
    startedAt: null,
    endedAt: null,
    failure: null,
    recordsIn: null,
    recordsOut: null,
    revision: 1,
  });
const keyOf = (location: string): string => location.replace('s3://bucket/', '');
const savepoint: RestoredFrom = { kind: 'savepoint', savepointId: id, location: 's3://bucket/savepoints/1' };
const manifest = { kind: 'manifest', location: 'savepoints/1' };

test('the first attempt begins where the job was started from, whatever the head names', () => {
  for (const hasCheckpoint of [true, false]) {
    expect(restoreOf(jobFrom(savepoint), attempt(1), { hasCheckpoint, keyOf })).toEqual(manifest);
  }
});

test('a later attempt begins from the newest checkpoint, and without one where the job began', () => {
  const given = { hasCheckpoint: true, keyOf };
  expect(restoreOf(jobFrom(savepoint), attempt(2), given)).toEqual({ kind: 'latest-checkpoint' });
  const none = { hasCheckpoint: false, keyOf };
  expect(restoreOf(jobFrom(savepoint), attempt(2), none)).toEqual(manifest);
  expect(restoreOf(jobFrom({ kind: 'none' }), attempt(2), none)).toEqual({ kind: 'none' });
});

test('every variable that the control plane decides is set', () => {
  const settings = workerSettings(jobFrom(savepoint), attempt(1), {
    bucket: 'bucket',
    workerUrl: 'https://worker',
    workerSha256: 'c'.repeat(64),
    applicationUrl: 'https://application',
    restToken: 'token',
    restore: { kind: 'none' },
  });
  // How long a worker lingers is its own default.
  const expected = Object.values(workerEnvironment).filter(
    (variable) => variable !== workerEnvironment.lingerMs,
  );
  expect(Object.keys(settings).sort()).toEqual([...expected].sort());
  expect(settings).toMatchObject({ HEADWATER_EPOCH: '9', HEADWATER_CHECKPOINT_INTERVAL_MS: '10000' });
});
