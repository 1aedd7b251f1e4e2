/** A server of the REST API over a job that is only looked at. */
import type { CheckpointStorage } from '../host.ts';
import type { Job } from '../runtime/job-status.ts';
import { STARTED_AT_MS } from './fake-job.fixture.ts';
import type { RestServerOptions } from './server.ts';

export function serverOptions(
  job: Job,
  storage: CheckpointStorage,
  onError: (error: unknown) => void,
): RestServerOptions {
  return {
    job,
    storage,
    clock: { now: () => STARTED_AT_MS + 5050 },
    bucket: 'headwater',
    savepointDirectory: 'checkpoints/d/savepoints',
    newTriggerId: () => 'e'.repeat(32),
    configuration: { currency: 'EUR' },
    revision: 'abc',
    resources: () => ({
      cpus: 2,
      memoryBytes: 1024,
      freeMemoryBytes: 512,
      heapUsedBytes: 10,
      heapCommittedBytes: 20,
      heapMaxBytes: 100,
      residentBytes: 50,
    }),
    options: {
      restart: { kind: 'fixed-delay', attempts: 3, delayMs: 500 },
      checkpointIntervalMs: 10_000,
      checkpointMinPauseMs: 250,
      unalignedAfterMs: 1000,
      stateBackend: 'disk',
    },
    process: { version: 'v24.0.0', arch: 'x64', options: [] },
    logs: {
      files: () => [{ name: 'worker.log', sizeBytes: 5, modifiedAtMs: STARTED_AT_MS }],
      text: (name) => (name === 'worker.log' ? 'lines' : undefined),
    },
    port: 0,
    host: '127.0.0.1',
    onError,
  };
}
