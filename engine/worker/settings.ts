import { WORKER_REST_PORT, workerEnvironment } from '#contract/names.ts';
import type { Renames } from '../runtime/coordinator/renamed-operators.ts';
import type { Restore, RestoreTolerance } from '../runtime/job-options.ts';
import type { Adjustments } from '../runtime/adjustments.ts';
import { adjustmentSettings } from './adjustment-settings.ts';
import { checkpointSettings, type CheckpointSettings } from './checkpoint-settings.ts';
import { recoverySettings, type RecoverySettings } from './recovery-settings.ts';
import { stateSettings, type StateSettings } from './state-settings.ts';
import { WorkerRefusal } from './worker-refusal.ts';

/** What the control plane tells a worker, read from its environment. */
export interface WorkerSettings {
  readonly jobId: string;
  readonly jobName: string;
  readonly attempt: number;
  /** 0 of a standby, which is told its epoch when it begins. */
  readonly epoch: number;
  /** It waits until the job before it has ended. */
  readonly standby: boolean;
  readonly deploymentId: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly applicationUrl: string;
  readonly applicationSha256: string;
  readonly graphHash: string | undefined;
  readonly configuration: unknown;
  /** Where the secrets lie that the configuration refers to. */
  readonly secretsUrl: string | undefined;
  readonly parallelism: number;
  readonly maxParallelism: number | undefined;
  readonly checkpointIntervalMs: number;
  readonly checkpointing: CheckpointSettings;
  readonly bucket: string;
  /** Key prefix of the deployment's checkpoints, without a slash at its end. */
  readonly prefix: string;
  readonly restore: Restore;
  readonly recovery: RecoverySettings;
  readonly adjustments: Adjustments | undefined;
  readonly state: StateSettings;
  /** How long the REST API outlives the job, so that the control plane can read how it ended. */
  readonly lingerMs: number;
  readonly restPort: number;
  readonly restHost: string;
  readonly restToken: string | undefined;
  readonly revision: string;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_CHECKPOINT_INTERVAL_MS = 10_000;
const DEFAULT_LINGER_MS = 15_000;

/** Throws a `WorkerRefusal` that names the variable at fault. */
export function readSettings(environment: Environment): WorkerSettings {
  const names = workerEnvironment;
  const text = (name: string): string => required(environment, name);
  const restore = jsonOf(environment, names.restore, { kind: 'none' });
  const prefix = text(names.prefix).replace(/\/+$/, '');
  const standby = optional(environment, names.standby) === '1';
  return {
    jobId: hex(text(names.jobId), names.jobId, 32),
    jobName: environment[names.jobName] ?? text(names.jobId),
    attempt: number(environment, names.attempt, 1),
    epoch: standby ? 0 : wholeNumber(text(names.epoch), names.epoch),
    standby,
    deploymentId: environment[names.deploymentId] ?? '',
    namespace: environment[names.namespace] ?? '',
    deployment: environment[names.deployment] ?? '',
    applicationUrl: text(names.applicationUrl),
    applicationSha256: hex(text(names.applicationSha256), names.applicationSha256, 64),
    graphHash: optional(environment, names.graphHash),
    configuration: jsonOf(environment, names.configuration, {}),
    secretsUrl: optional(environment, names.secretsUrl),
    parallelism: atLeastOne(number(environment, names.parallelism, 1), names.parallelism),
    maxParallelism: optionalNumber(environment, names.maxParallelism),
    checkpointIntervalMs: number(environment, names.checkpointIntervalMs, DEFAULT_CHECKPOINT_INTERVAL_MS),
    checkpointing: checkpointSettings(jsonOf(environment, names.checkpointing, {}), names.checkpointing),
    bucket: text(names.bucket),
    prefix,
    restore: restoreOf(restore, names.restore),
    recovery: recoverySettings(jsonOf(environment, names.recovery, {}), names.recovery),
    adjustments: adjustmentSettings(
      jsonOf(environment, names.adjustments, undefined),
      names.adjustments,
      `s3://${text(names.bucket)}/${prefix}`,
    ),
    state: stateSettings(environment),
    lingerMs: number(environment, names.lingerMs, DEFAULT_LINGER_MS),
    restPort: number(environment, names.restPort, WORKER_REST_PORT),
    restHost: restHost(environment),
    restToken: optional(environment, names.restToken),
    revision: environment[names.workerSha256]?.slice(0, 12) ?? 'development',
  };
}

/** Fields of every log line, by which the lines of one job are found. */
export function logFields(settings: WorkerSettings): Readonly<Record<string, string | number>> {
  const { jobId, attempt, epoch, deploymentId, namespace, deployment } = settings;
  return { namespace, deployment, deploymentId, jobId, attempt, epoch };
}

// Where AWS itself is on loopback, so is whoever calls the job; nobody else on the network needs to reach it.
function restHost(environment: Environment): string {
  const endpoint = environment['AWS_ENDPOINT_URL'];
  const host = endpoint === undefined || !URL.canParse(endpoint) ? '' : new URL(endpoint).hostname;
  return ['127.0.0.1', 'localhost', '[::1]'].includes(host) ? '127.0.0.1' : '0.0.0.0';
}

function optional(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}

function required(environment: Environment, name: string): string {
  const value = optional(environment, name);
  if (value === undefined) {
    throw new WorkerRefusal(`Cannot start the worker: environment variable ${name} is missing`);
  }
  return value;
}

function number(environment: Environment, name: string, fallback: number): number {
  const value = optional(environment, name);
  return value === undefined ? fallback : wholeNumber(value, name);
}

function optionalNumber(environment: Environment, name: string): number | undefined {
  const value = optional(environment, name);
  return value === undefined ? undefined : wholeNumber(value, name);
}

function wholeNumber(text: string, name: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new WorkerRefusal(`Cannot start the worker: ${name} is "${text}", it must be a whole number`);
  }
  return Number(text);
}

function atLeastOne(value: number, name: string): number {
  if (value < 1) {
    throw new WorkerRefusal(`Cannot start the worker: ${name} is ${value}, it must be at least 1`);
  }
  return value;
}

function hex(text: string, name: string, length: number): string {
  if (text.length !== length || !/^[0-9a-f]+$/.test(text)) {
    throw new WorkerRefusal(
      `Cannot start the worker: ${name} is "${text}", it must be ${length} lower-case hexadecimal characters`,
    );
  }
  return text;
}

function jsonOf(environment: Environment, name: string, fallback: unknown): unknown {
  const text = optional(environment, name);
  if (text === undefined) {
    return fallback;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WorkerRefusal(`Cannot start the worker: ${name} is not JSON`, { cause });
  }
}

/** Throws a `WorkerRefusal` that names what was to describe it. */
export function restoreOf(value: unknown, name: string): Restore {
  const restore: object = typeof value === 'object' && value !== null ? value : {};
  const kind: unknown = 'kind' in restore ? restore.kind : undefined;
  if (kind === 'none') {
    return { kind };
  }
  if (kind === 'latest-checkpoint') {
    return { kind, ...toleranceOf(restore, name) };
  }
  const location: unknown = 'location' in restore ? restore.location : undefined;
  if (kind !== 'manifest' || typeof location !== 'string' || location === '') {
    throw new WorkerRefusal(
      `Cannot start the worker: ${name} must have kind "none", "latest-checkpoint", or "manifest" with a location`,
    );
  }
  return { kind, location, ...toleranceOf(restore, name) };
}

function toleranceOf(restore: object, name: string): RestoreTolerance {
  const allowed = 'allowNonRestoredState' in restore && restore.allowNonRestoredState === true;
  const renames: unknown = 'renames' in restore ? restore.renames : undefined;
  if (renames !== undefined && !isRenames(renames)) {
    throw new WorkerRefusal(`Cannot start the worker: "renames" in ${name} must map old names to new ones`);
  }
  return {
    ...(allowed ? { allowNonRestoredState: true } : {}),
    ...(renames === undefined ? {} : { renames }),
  };
}

function isRenames(value: unknown): value is Renames {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((name) => typeof name === 'string')
  );
}
