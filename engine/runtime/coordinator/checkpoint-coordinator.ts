import { isFenced, type Cancel, type Scheduler } from '../../host.ts';
import { DEFAULT_CHECKPOINT_TIMEOUT_MS, type CheckpointOptions } from '../job-options.ts';
import type { Acknowledgement, HandedParts, SlotCommand } from '../slot-protocol.ts';
import type { ChainPart } from './chain-part.ts';
import type { CheckpointLog } from './checkpoint-log.ts';
import type { CheckpointRequest } from './checkpoint-request.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { Manifest } from './manifest.ts';
import { PendingCheckpoint, type CheckpointVertex, type SubtaskBytes } from './pending-checkpoint.ts';
import type { SnapshotChains } from './snapshot-chains.ts';
import { SnapshotIntake, writerOf } from './snapshot-intake.ts';

/** What one attempt of a job gives its coordinator. */
export interface CheckpointContext {
  readonly host: Scheduler;
  readonly store: CheckpointStore;
  readonly log: CheckpointLog;
  readonly vertices: readonly CheckpointVertex[];
  readonly options: CheckpointOptions;
  /** Takes the first checkpoint at once: what the job was restored from may go away. */
  readonly firstAtOnce: boolean;
  /** A number that no checkpoint of this job had before. */
  readonly nextId: () => number;
  readonly manifest: (
    pending: PendingCheckpoint,
    end: { readonly completedAtMs: number; readonly chains: Iterable<ChainPart> },
  ) => Manifest;
  /** To every slot, or to one. */
  readonly send: (command: SlotCommand, slot?: number) => void;
  readonly listener: CheckpointListener;
}

/** Who hears of checkpoints. */
export interface CheckpointListener {
  completed(pending: PendingCheckpoint, manifest: string): void;
  failed(pending: PendingCheckpoint, reason: string): void;
  /** A savepoint after which the job ends is complete. */
  stopped(checkpointId: number): void;
  /** The attempt cannot go on. */
  broken(error: unknown): void;
}

const TOLERABLE_FAILURES = 3;
/** Long enough for the next round of whoever reads along; chains must not grow for ever when nobody comes back. */
const BRIEF_MS = 60_000;

/**
 * Takes one checkpoint after another of an attempt: sends barriers, makes acknowledged state durable, commits
 * when all subtasks have answered.
 *
 * Contract: one checkpoint at a time; requests wait for it, and what is periodic is left out. A checkpoint that fails is given up and costs
 * nothing but itself, until too many fail in a row. After `close` nothing is committed any more, and what was
 * being committed is settled.
 */
export class CheckpointCoordinator {
  readonly #context: CheckpointContext;
  readonly #waiting: CheckpointRequest[] = [];
  readonly #intake: SnapshotIntake;
  #pending: PendingCheckpoint | undefined;
  #timeout: Cancel | undefined;
  #timer: Cancel | undefined;
  #committing: Promise<void> | undefined;
  #failures = 0;
  /** When the last checkpoint began that was no savepoint, or the attempt. */
  #beganAtMs = 0;
  #briefUntilMs = 0;
  #state: 'idle' | 'running' | 'stopping' | 'closed' = 'idle';

  constructor(context: CheckpointContext) {
    this.#context = context;
    const { store, send } = context;
    this.#intake = new SnapshotIntake({
      store: (part, named) => store.pool.store(part, named),
      released: (slot, bytes) => send({ type: 'parts-stored', bytes }, slot),
      failed: (checkpointId, error) => {
        if (this.#pending?.id === checkpointId) this.#fail(this.#pending, error);
      },
    });
  }

  /** What was handed over so far of every subtask's state. */
  get chains(): SnapshotChains<ChainPart> {
    return this.#intake.chains;
  }

  /** Every subtask runs and knows its splits; from here on barriers may be sent. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    this.#beganAtMs = this.#context.host.clock.now();
    if (this.#context.firstAtOnce) this.#takePeriodic();
    else this.#plan();
    this.#next();
  }

  request(request: CheckpointRequest): void {
    if (this.#state === 'closed' || this.#state === 'stopping') {
      request.done({
        status: 'failed',
        failure: 'Cannot take a checkpoint: the job is stopping or being restarted; ask again when it runs',
      });
      return;
    }
    this.#waiting.push(request);
    this.#next();
  }

  /** A subtask has written some of its state. */
  take(parts: HandedParts): void {
    this.#intake.take(parts);
  }

  /** A subtask has written its part; its next one may build upon it, also where the checkpoint was given up. */
  acknowledge(acknowledgement: Acknowledgement): void {
    const parts = this.#intake.end(acknowledgement);
    const pending = this.#pending;
    if (pending?.id !== acknowledgement.checkpointId) return;
    void this.#settle(pending, acknowledgement, parts).catch((error: unknown) => this.#fail(pending, error));
  }

  async close(reason: string): Promise<void> {
    this.#state = 'closed';
    this.#timer?.();
    const pending = this.#pending;
    // While the commit is on its way nobody knows whether it succeeds; it tells by itself.
    if (this.#committing !== undefined) await this.#committing;
    else if (pending !== undefined) this.#fail(pending, new Error(reason));
    for (const request of this.#waiting.splice(0)) request.done({ status: 'failed', failure: reason });
  }

  /** Plans the next periodic checkpoint; those that were due while one ran are left out. */
  #plan(): void {
    const { options, host } = this.#context;
    const { checkpointIntervalMs: intervalMs, checkpointMinPauseMs: pauseMs = 0 } = options;
    if (intervalMs === 0 || this.#state !== 'running') return;
    const elapsedMs = Math.max(0, host.clock.now() - this.#beganAtMs);
    this.#timer?.();
    this.#timer = host.schedule(Math.max(intervalMs - (elapsedMs % intervalMs), pauseMs), () => {
      this.#takePeriodic();
    });
  }

  /** While another one runs or waits this one is not needed; when that ends the next is planned. */
  #takePeriodic(): void {
    if (this.#pending === undefined && this.#waiting.length === 0)
      this.request({ after: 'continue', done: () => undefined });
  }

  #next(): void {
    if (this.#state !== 'running' || this.#pending !== undefined) return;
    const request = this.#waiting.shift();
    if (request === undefined) return;
    const { host, log, nextId, vertices, options, send } = this.#context;
    const { checkpointTimeoutMs: timeoutMs = DEFAULT_CHECKPOINT_TIMEOUT_MS } = options;
    const triggeredAtMs = host.clock.now();
    const pending = new PendingCheckpoint(nextId(), request, triggeredAtMs, vertices);
    const savepoint = request.directory !== undefined;
    this.#pending = pending;
    if (!savepoint) this.#beganAtMs = triggeredAtMs;
    log.begin(() => pending.view(host.clock.now()));
    this.#timeout = host.schedule(timeoutMs, () => {
      this.#fail(pending, new Error(`it took longer than ${timeoutMs} ms`));
    });
    const { after } = request;
    if (request.brief === true) this.#briefUntilMs = triggeredAtMs + BRIEF_MS;
    const { unalignedAfterMs } = options;
    // What is restored elsewhere, or with other chains, must have no records in flight.
    const aligned = unalignedAfterMs === undefined || savepoint || after !== 'continue';
    send({
      type: 'trigger-barrier',
      checkpointId: pending.id,
      after,
      savepoint,
      brief: after !== 'continue' || triggeredAtMs < this.#briefUntilMs,
      triggeredAtMs,
      ...(aligned ? {} : { unalignedAfterMs }),
    });
    this.#intake.retry(pending.id);
  }

  async #settle(
    pending: PendingCheckpoint,
    acknowledgement: Acknowledgement,
    parts: readonly ChainPart[],
  ): Promise<void> {
    const { vertex, subtask } = acknowledgement;
    await this.#intake.stored(vertex, subtask);
    if (this.#pending !== pending || this.#state === 'closed') return;
    const bytes = bytesOf(parts, this.#intake.chains.of(writerOf(vertex, subtask)));
    if (!pending.acknowledge(acknowledgement, bytes, this.#context.host.clock.now())) return;
    this.#timeout?.();
    this.#committing = this.#commit(pending);
    await this.#committing;
  }

  async #commit(pending: PendingCheckpoint): Promise<void> {
    const { store, host, manifest } = this.#context;
    const { directory } = pending.request;
    const content = manifest(pending, { completedAtMs: host.clock.now(), chains: this.#intake.chains.all() });
    try {
      const key =
        directory === undefined
          ? await store.commit(content)
          : await store.commitSavepoint(content, directory);
      this.#complete(pending, key);
    } catch (error) {
      this.#fail(pending, error);
    } finally {
      this.#committing = undefined;
    }
  }

  #complete(pending: PendingCheckpoint, manifest: string): void {
    const { host, log, listener, send, store } = this.#context;
    const { directory, after, done } = pending.request;
    log.end(pending.view(host.clock.now(), { manifest }));
    this.#pending = undefined;
    this.#failures = 0;
    listener.completed(pending, manifest);
    done({ status: 'completed', checkpointId: pending.id, location: directory ?? manifest });
    if (this.#state === 'closed') return;
    if (directory === undefined) void store.collect(() => this.#heldChunks());
    // A savepoint that is only kept does not commit effects (Flink since 1.15); the next checkpoint does.
    if (directory === undefined || after !== 'continue')
      send({ type: 'checkpoint-completed', checkpointId: pending.id });
    if (after === 'continue') this.#goOn();
    else {
      this.#state = 'stopping';
      listener.stopped(pending.id);
    }
  }

  #fail(pending: PendingCheckpoint, error: unknown): void {
    if (this.#pending !== pending) return;
    const { host, log, listener, send, options } = this.#context;
    const failure = error instanceof Error ? error.message : String(error);
    this.#timeout?.();
    this.#pending = undefined;
    log.end(pending.view(host.clock.now(), { failure }));
    listener.failed(pending, failure);
    pending.request.done({ status: 'failed', failure });
    if (this.#state === 'closed') return;
    this.#failures += 1;
    const { tolerableFailedCheckpoints: tolerable = TOLERABLE_FAILURES } = options;
    // After a drain the last watermark is out, and windows have fired that should not have: only a restart
    // takes that back.
    const beyondRepair = isFenced(error) || pending.request.after === 'drain' || this.#failures > tolerable;
    if (beyondRepair)
      listener.broken(new Error(`Checkpoint ${pending.id} failed: ${failure}`, { cause: error }));
    else {
      send({ type: 'checkpoint-aborted', checkpointId: pending.id, resume: true });
      this.#goOn();
    }
  }

  #goOn(): void {
    this.#plan();
    this.#next();
  }

  /** Undefined when the attempt is over and nobody knows any more what is held. */
  #heldChunks(): readonly string[] | undefined {
    if (this.#state === 'closed') return undefined;
    return [...this.#intake.held()].flatMap(({ chunk }) => (chunk === undefined ? [] : [chunk.key]));
  }
}

function bytesOf(parts: readonly ChainPart[], chain: Iterable<ChainPart>): SubtaskBytes {
  let stateBytes = 0;
  for (const { chunk } of chain) stateBytes += chunk?.bytes ?? 0;
  return { stateBytes, writtenBytes: parts.reduce((sum, { written }) => sum + written, 0) };
}
