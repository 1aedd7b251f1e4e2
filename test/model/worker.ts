/** A worker as the control plane sees it: a task, the REST API of its job, and what it writes into the bucket. */
import { bucketKeys, workerEnvironment, workerExit } from '#contract/names.ts';
import type { TaskLaunch, TaskView } from '#functions/steps/tasks.ts';
import type { World } from './world.ts';

/** What a checkpoint or savepoint holds: how far the job has come, and which job. */
export interface State {
  readonly position: number;
  readonly jobId: string;
}

/** The hash of the version that fails at its start. */
export const BAD_SHA256 = 'b'.repeat(64);

const STANDBY_MS = 600_000;
const UNSEEN_MS = 10_000;

/** What makes a standby the job. */
export interface Begin {
  readonly epoch: number;
  readonly restore: { readonly kind: string; readonly location?: string };
}

interface Trigger {
  readonly directory: string;
  readonly stop: boolean;
  state: 'in-progress' | 'failed' | { readonly location: string };
}

export type JobState = 'INITIALIZING' | 'RUNNING' | 'FINISHED' | 'CANCELED' | 'FAILED';

export class Worker {
  readonly arn: string;
  readonly launch: TaskLaunch;
  createdAtMs: number;
  readonly #world: World;
  readonly triggers = new Map<string, Trigger>();
  status: TaskView['status'] = 'coming';
  isFrozen = false;
  isStopping = false;
  exitCode: number | null = null;
  stoppedAtMs = 0;
  jobState: JobState = 'INITIALIZING';
  position = 0;
  parallelism = 1;
  /** What a standby was told when its turn came. */
  begun: Begin | undefined;
  /** Checkpoint that a standby has read in advance. */
  preloaded: string | undefined;
  checkpoints = 0;

  constructor(world: World, arn: string, launch: TaskLaunch) {
    this.#world = world;
    this.arn = arn;
    this.launch = launch;
    this.createdAtMs = world.nowMs;
  }

  copy(world: World): Worker {
    const copy = new Worker(world, this.arn, this.launch);
    const { createdAtMs, status, isFrozen, isStopping, exitCode, stoppedAtMs } = this;
    const { jobState, position, checkpoints } = this;
    Object.assign(copy, { createdAtMs, status, isFrozen, isStopping, exitCode, stoppedAtMs });
    const { parallelism, begun, preloaded } = this;
    Object.assign(copy, { jobState, position, checkpoints, parallelism, begun, preloaded });
    for (const [id, trigger] of this.triggers) copy.triggers.set(id, { ...trigger });
    return copy;
  }

  get jobId(): string {
    return this.#setting('jobId');
  }

  get deploymentId(): string {
    return this.#setting('deploymentId');
  }

  get epoch(): number {
    return this.begun?.epoch ?? Number(this.#setting('epoch'));
  }

  /** Long enough there for ECS to know it. */
  get isOld(): boolean {
    return this.createdAtMs + UNSEEN_MS < this.#world.nowMs;
  }

  get isStandby(): boolean {
    return this.#setting('standby') === '1';
  }

  /** A standby whose turn has not come. */
  get isWaiting(): boolean {
    return this.isStandby && this.begun === undefined && this.status === 'running';
  }

  get attempt(): number {
    return Number(this.#setting('attempt'));
  }

  /** Of the application that it runs: a version that never works has a hash of its own. */
  get sha256(): string {
    return this.#setting('applicationSha256');
  }

  /** A process that would commit if it were let. */
  get isLive(): boolean {
    return this.status === 'running' && this.jobState === 'RUNNING';
  }

  #setting(name: keyof typeof workerEnvironment): string {
    return this.launch.environment[workerEnvironment[name]] ?? '';
  }

  view(): TaskView {
    return {
      arn: this.arn,
      startedBy: this.launch.startedBy,
      status: this.status,
      createdAtMs: this.createdAtMs,
      address: this.status === 'running' ? `http://10.0.0.1/${this.arn}` : undefined,
      exitCode: this.exitCode,
      reason: null,
      isInfrastructure: false,
    };
  }

  /** The process starts, reads where it is to begin, and runs. */
  boot(): void {
    this.status = 'running';
    if (!this.isStandby) this.#begin();
  }

  /** As the engine's standbys do. */
  get hasWaitedTooLong(): boolean {
    return this.isWaiting && this.#world.nowMs - this.createdAtMs > STANDBY_MS;
  }

  /** A standby becomes the job; false when it has become another one. */
  takeOver(begin: Begin): boolean {
    if (this.begun !== undefined) return this.begun.epoch === begin.epoch;
    this.begun = begin;
    this.#begin();
    return true;
  }

  #begin(): void {
    const head = this.#world.head(this.deploymentId);
    if (head?.epoch !== this.epoch) return this.exit(workerExit.fenced);
    if (this.sha256 === BAD_SHA256) return this.fail('this version never works');
    const state = this.#restored(head.checkpoint?.manifest);
    if (state === 'missing') return this.fail('its state is not there');
    this.position = state?.position ?? 0;
    this.jobState = 'RUNNING';
    this.#world.restored(this, state);
  }

  /** Undefined where it is to begin empty. */
  #restored(newest: string | undefined): State | 'missing' | undefined {
    const restore = this.begun?.restore ?? (JSON.parse(this.#setting('restore')) as Begin['restore']);
    if (restore.kind === 'none') return undefined;
    const folder = restore.location ?? '';
    const keys = [folder, `${folder}/manifest.json`];
    const key =
      restore.kind === 'latest-checkpoint'
        ? newest
        : keys.find((one) => this.#world.bucket.get(one) !== undefined);
    const text = key === undefined ? undefined : this.#world.bucket.get(key)?.text;
    return text === undefined ? 'missing' : (JSON.parse(text) as { state: State }).state;
  }

  /** Goes on a little and commits a checkpoint, unless it is fenced. */
  commit(): void {
    const head = this.#world.head(this.deploymentId);
    if (head?.epoch !== this.epoch) return this.exit(workerExit.fenced);
    this.position += 1;
    this.checkpoints += 1;
    const id = (head.checkpoint?.id ?? 0) + 1;
    const prefix = bucketKeys.checkpoints(this.deploymentId);
    const manifest = `${prefix}/jobs/${this.jobId}/chk-${this.epoch}-${id}.json`;
    this.#world.bucket.put(manifest, this.#manifest());
    this.#world.putHead(this.deploymentId, { ...head, jobId: this.jobId, checkpoint: { id, manifest } });
    this.#world.committed(this, this.position);
  }

  trigger(triggerId: string, directory: string, stop: boolean): void {
    if (this.triggers.has(triggerId)) return;
    this.triggers.set(triggerId, { directory, stop, state: 'in-progress' });
  }

  /** A savepoint is written whole; one with a stop is the last act of the job. */
  completeSavepoint(triggerId: string): void {
    const trigger = this.triggers.get(triggerId);
    if (trigger === undefined) return;
    if (this.#world.head(this.deploymentId)?.epoch !== this.epoch) return this.exit(workerExit.fenced);
    this.position += 1;
    const folder = `${trigger.directory}/savepoint-${this.jobId.slice(0, 6)}-${triggerId.slice(0, 12)}`;
    this.#world.bucket.put(`${this.#world.keyOf(folder)}/manifest.json`, this.#manifest());
    trigger.state = { location: folder };
    if (!trigger.stop) return;
    this.#world.committed(this, this.position);
    this.end('FINISHED');
  }

  failSavepoint(triggerId: string): void {
    const trigger = this.triggers.get(triggerId);
    if (trigger !== undefined) trigger.state = 'failed';
  }

  /** The job is over, which its end record tells unless another one has its place; the process lingers. */
  end(state: 'FINISHED' | 'CANCELED' | 'FAILED', message?: string): void {
    this.jobState = state;
    for (const trigger of this.triggers.values())
      if (trigger.state === 'in-progress') trigger.state = 'failed';
    if (this.#world.head(this.deploymentId)?.epoch !== this.epoch) return;
    const key = `${bucketKeys.checkpoints(this.deploymentId)}/jobs/${this.jobId}/end.json`;
    const failure = message === undefined ? null : { name: 'Error', message };
    this.#world.bucket.put(key, JSON.stringify({ state, failure, recordsIn: 1, recordsOut: 1 }));
  }

  /** The job fails for good, and its process goes. */
  fail(message: string): void {
    this.end('FAILED', message);
    this.exit(workerExit.failed);
  }

  exit(code: number | null): void {
    this.status = 'stopped';
    this.exitCode = code;
    this.stoppedAtMs = this.#world.nowMs;
    this.#world.stopped(this);
  }

  /** What a task does that was asked to stop: a last checkpoint if it still can, then it goes. */
  terminate(): void {
    if (this.isFrozen || this.status === 'coming') return this.exit(null);
    if (this.jobState === 'RUNNING') this.commit();
    if (this.status === 'running') this.exit(workerExit.terminated);
  }

  #manifest(): string {
    const state: State = { position: this.position, jobId: this.jobId };
    return JSON.stringify({ state, operators: [] });
  }
}
