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

const material = {
  bucket: 'bucket',
  workerUrl: 'https://worker',
  workerSha256: 'c'.repeat(64),
  applicationUrl: 'https://application',
  restToken: 'token',
  restore: { kind: 'none' },
} as const;

test('every variable that the control plane decides is set for a job that needs all of them', () => {
  const redirected = deploymentIn('transitioning', { sinks: { every: 'discard' } }).spec;
  const job = Job.parse({ ...jobFrom(savepoint), spec: redirected });
  const settings = workerSettings(job, attempt(1), { ...material, secretsUrl: 'https://secrets' });
  // How long a worker lingers, and where and how large its state is on the machine, are its own defaults; that it
  // waits as a standby is for whoever starts it to say.
  const { lingerMs, stateDirectory, stateMemoryMb, standby } = workerEnvironment;
  const own: readonly string[] = [lingerMs, stateDirectory, stateMemoryMb, standby];
  const expected = Object.values(workerEnvironment).filter((variable) => !own.includes(variable));
  expect(Object.keys(settings).sort()).toEqual([...expected].sort());
  expect(settings).toMatchObject({ HEADWATER_EPOCH: '9', HEADWATER_CHECKPOINT_INTERVAL_MS: '10000' });
});

test('a job without secrets whose sinks are as its program says is told nothing of either', () => {
  const settings = workerSettings(jobFrom(savepoint), attempt(1), material);
  expect(settings).not.toHaveProperty(workerEnvironment.secretsUrl);
  expect(settings).not.toHaveProperty(workerEnvironment.adjustments);
});

test('a spec reaches the worker with its checkpointing, backend and tolerance, in its own form', () => {
  const wanted = deploymentIn('transitioning', {
    stateBackend: 'disk',
    checkpointing: { minPause: '2 seconds', retained: 3, alignedTimeout: '500 ms' },
    restoreTolerance: { allowNonRestoredState: true, renames: { old: 'new' } },
  }).spec;
  const job = Job.parse({ ...jobFrom(savepoint), spec: wanted });
  const tolerance = { allowNonRestoredState: true, renames: { old: 'new' } };
  const restore = restoreOf(job, attempt(1), { hasCheckpoint: false, keyOf });
  expect(restore).toEqual({ ...manifest, ...tolerance });
  expect(restoreOf(job, attempt(2), { hasCheckpoint: true, keyOf })).toEqual({
    kind: 'latest-checkpoint',
    ...tolerance,
  });
  const environment = workerSettings(job, attempt(1), {
    bucket: 'bucket',
    workerUrl: 'https://worker',
    workerSha256: 'c'.repeat(64),
    applicationUrl: 'https://application',
    restToken: 'token',
    restore,
  });
  expect(environment).toMatchObject({
    HEADWATER_STATE_BACKEND: 'disk',
    HEADWATER_RESTORE: JSON.stringify(restore),
  });
  expect(JSON.parse(environment['HEADWATER_CHECKPOINTING'] ?? '')).toEqual({
    checkpointMinPauseMs: 2000,
    checkpointTimeoutMs: 600_000,
    tolerableFailedCheckpoints: 3,
    retainedCheckpoints: 3,
    unalignedAfterMs: 500,
  });
});
