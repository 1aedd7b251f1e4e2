import { workerExit } from '#contract/names.ts';
import { insertSecrets } from '#contract/placeholders.ts';
import type { CheckpointStorage, Host } from '../host.ts';
import { startRestServer } from '../rest/server.ts';
import type { RestServer } from '../rest/server.ts';
import { pooledZstd } from '../runtime/coordinator/zstd.ts';
import type { JobOptions } from '../runtime/job-options.ts';
import type { Job, JobEnd } from '../runtime/job-status.ts';
import { startJob } from '../runtime/job.ts';
import { startSlotThread } from '../runtime/slot-thread.ts';
import { StandbyJob, type StandbyOptions } from '../runtime/standby/standby-job.ts';
import { writeEnd } from './end-record.ts';
import { eventLog } from './event-log.ts';
import { fetchBundle } from './fetch-bundle.ts';
import { errorFields, jsonLog } from './log.ts';
import { LogMemory } from './log-memory.ts';
import type { Log } from './log.ts';
import { nodeScheduler } from './node-scheduler.ts';
import { processInfo, readResources } from './resources.ts';
import { slotHeapMb } from './slot-heap.ts';
import { openS3Storage } from './s3-storage.ts';
import { fetchSecrets, secretMask } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import { logFields, readSettings } from './settings.ts';
import { restoreKey, standbyControl } from './standby-control.ts';
import { removeEarlierState, removeOwnState, stateOptions } from './state-settings.ts';
import type { Environment, WorkerSettings } from './settings.ts';
import { shownConfiguration } from './shown-configuration.ts';
import { lastCheckpoint, newTriggerId } from './termination.ts';
import { measureThread } from './thread-figures.ts';

/** Where a worker gets everything from and puts everything to. */
export interface WorkerProcess {
  /** Module that runs a slot when it is started as a thread; the worker itself. */
  readonly entry: URL;
  readonly environment: Environment;
  write(line: string): void;
  /** Called once, when the process is asked to end. */
  onTerminate(handler: () => void): void;
  /** Called once the secrets of the job are known: whatever is printed from then on goes through the mask. */
  hide?(mask: (text: string) => string): void;
}

/** Runs one job from the environment's description to its end, and gives the exit code. */
export async function runWorker(worker: WorkerProcess): Promise<number> {
  const logs = new LogMemory(() => Date.now());
  let mask = (text: string): string => text;
  const write = (line: string): void => {
    logs.add(mask(line));
    worker.write(mask(line));
  };
  let log = jsonLog({}, write);
  try {
    const settings = readSettings(worker.environment);
    log = jsonLog(logFields(settings), write);
    const secrets = await fetchSecrets(settings.secretsUrl);
    mask = secretMask(secrets);
    worker.hide?.(mask);
    return await runJob(worker, settings, { log, logs, secrets, mask });
  } catch (error) {
    log('error', 'The worker refused to start', errorFields(error));
    return workerExit.refused;
  }
}

interface Logging {
  readonly log: Log;
  readonly logs: LogMemory;
  readonly secrets: Secrets;
  readonly mask: (text: string) => string;
}

async function runJob(worker: WorkerProcess, settings: WorkerSettings, logging: Logging): Promise<number> {
  const { log, secrets, mask } = logging;
  const bundle = await fetchBundle(settings.applicationUrl, settings.applicationSha256);
  removeEarlierState(settings.state, settings);
  try {
    const host = await openHost(worker, settings, log);
    const options = jobOptions(settings, bundle.module, secrets);
    const { standby: waits, parallelism } = settings;
    const standby = waits ? new StandbyJob(standbyOptions(options), host) : undefined;
    const job = standby ?? startJob(options, host);
    const rest = await serve({ job, options, standby }, host, settings, logging);
    log('info', 'The worker started', { restPort: rest.port, parallelism, standby: waits });
    const terminated = new Promise<'terminated'>((resolve) => {
      worker.onTerminate(() => resolve('terminated'));
    });
    const exitCode = await followJob(job, terminated, {
      settings,
      log,
      mask,
      storage: host.storage,
      standby,
    });
    await rest.close();
    return exitCode;
  } finally {
    await bundle.remove();
    removeOwnState(settings.state, settings);
  }
}

const FENCE_WAIT_MS = 2000;

interface Following {
  readonly settings: WorkerSettings;
  readonly log: Log;
  readonly mask: (text: string) => string;
  readonly storage: CheckpointStorage;
  readonly standby: StandbyJob | undefined;
}

/** Waits for the end of the job or of the process, whichever is first. */
async function followJob(job: Job, terminated: Promise<'terminated'>, following: Following): Promise<number> {
  const { settings, log, standby } = following;
  const first = await Promise.race([job.ended, terminated]);
  if (standby !== undefined && standby.standby.epoch === undefined) {
    log('info', 'The standby ended without having begun', { ...standby.standby });
    await standby.cancel();
    return workerExit.terminated;
  }
  if (first === 'terminated') {
    const checkpoint = await lastCheckpoint(job);
    log('info', 'The worker was asked to end', { checkpoint });
    // A refused commit shows that the job was replaced, such as while this process was frozen.
    const end = await Promise.race([job.ended, linger(checkpoint === 'failed' ? FENCE_WAIT_MS : 0)]);
    return end?.fenced === true ? workerExit.fenced : workerExit.terminated;
  }
  log(first.state === 'FAILED' && !first.fenced ? 'error' : 'info', 'The job ended', endFields(first));
  if (first.fenced) {
    return workerExit.fenced;
  }
  if (!(await noteEnd(first, job, following))) {
    log('info', 'The job had been replaced before it ended', {});
    return workerExit.fenced;
  }
  await Promise.race([linger(settings.lingerMs), terminated]);
  return first.state === 'FAILED' ? workerExit.failed : workerExit.finished;
}

/** False where the job lives on under a newer epoch; it is true of an end that could not be written down. */
async function noteEnd(end: JobEnd, job: Job, following: Following): Promise<boolean> {
  const { settings, log, mask, storage } = following;
  try {
    return await writeEnd(storage, settings.prefix, { job: job.status(), end, mask });
  } catch (error) {
    log('warn', 'The end of the job could not be written down', errorFields(error));
    return true;
  }
}

function endFields({ state, failure }: JobEnd): Readonly<Record<string, unknown>> {
  if (failure === undefined) {
    return { state };
  }
  const { name, message, ...rest } = failure;
  return { state, error: name, reason: message, ...rest, runbook: 'a-job-failed' };
}

function linger(delayMs: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), delayMs);
  });
}

async function openHost(worker: WorkerProcess, settings: WorkerSettings, log: Log): Promise<Host> {
  const { environment, entry } = worker;
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL'];
  const scheduler = nodeScheduler();
  return {
    ...scheduler,
    random: () => Math.random(),
    environment,
    storage: await openS3Storage(settings.bucket, endpoint),
    compression: pooledZstd,
    reporter: eventLog(log, () => scheduler.clock.now()),
    spawnSlot: (data, slots) => startSlotThread(entry, data, slotHeapMb(readResources().memoryBytes, slots)),
  };
}

function jobOptions(settings: WorkerSettings, module: string, secrets: Secrets): JobOptions {
  const { jobId, jobName, configuration, parallelism, checkpointIntervalMs, epoch, prefix } = settings;
  const { maxParallelism, recovery, graphHash, bucket, restore, adjustments } = settings;
  return {
    jobId,
    name: jobName,
    application: { module },
    configuration: insertSecrets(configuration, secrets),
    parallelism,
    checkpointIntervalMs,
    epoch,
    prefix,
    restore: restoreKey(restore, bucket),
    ...settings.checkpointing,
    ...recovery,
    ...stateOptions(settings.state, settings),
    threads: true,
    ...(adjustments === undefined ? {} : { adjustments }),
    ...(maxParallelism === undefined ? {} : { maxParallelism }),
    ...(graphHash === undefined ? {} : { graphHash }),
  };
}

/** All but what a standby is told when it begins. */
function standbyOptions({ epoch: _, restore, ...options }: JobOptions): StandbyOptions {
  return { ...options, renames: restore.kind === 'none' ? undefined : restore.renames };
}

interface Served {
  readonly job: Job;
  readonly options: JobOptions;
  readonly standby: StandbyJob | undefined;
}

function serve(
  { job, options, standby }: Served,
  host: Host,
  settings: WorkerSettings,
  { log, logs, mask }: Logging,
): Promise<RestServer> {
  const coordinator = measureThread();
  const { restPort, restHost, restToken, bucket, prefix, configuration, revision } = settings;
  return startRestServer({
    job,
    standby: standby && standbyControl(standby, { bucket, log }),
    options,
    clock: host.clock,
    storage: host.storage,
    bucket,
    savepointDirectory: `${prefix}/savepoints`,
    newTriggerId,
    // As the spec says it: secrets are shown by their names.
    configuration: shownConfiguration(configuration),
    mask,
    revision,
    resources: () => ({ ...readResources(), coordinator: coordinator() }),
    process: processInfo(),
    logs,
    port: restPort,
    host: restHost,
    ...(restToken === undefined ? {} : { token: restToken }),
    onError: (error, request) =>
      log('error', 'A request could not be served', { ...request, ...errorFields(error) }),
  });
}
