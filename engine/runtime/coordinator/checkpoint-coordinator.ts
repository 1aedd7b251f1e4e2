import { isFenced, type Cancel, type Scheduler } from '../../host.ts';
import type { Acknowledgement, SlotCommand } from '../slot-protocol.ts';
import type { CheckpointLog } from './checkpoint-log.ts';
import type { CheckpointRequest } from './checkpoint-request.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { Manifest } from './manifest.ts';
import { Refusal } from './refusal.ts';
import { PendingCheckpoint, type CheckpointVertex } from './pending-checkpoint.ts';

/** What one attempt of a job gives its coordinator. */
export interface CheckpointContext {
  readonly host: Scheduler;
  readonly store: CheckpointStore;
  readonly log: CheckpointLog;
  readonly vertices: readonly CheckpointVertex[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly tolerableFailures: number;
  /** A number that no checkpoint of this job had before. */
  readonly nextId: () => number;
  readonly manifest: (pending: PendingCheckpoint, completedAtMs: number) => Manifest;
  /** To every slot. */
  readonly send: (command: SlotCommand) => void;
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

/**
 * Takes one checkpoint after another of an attempt: sends barriers, makes acknowledged state durable, commits
 * when all subtasks have answered.
 *
 * Contract: one checkpoint at a time; requests wait for it. A checkpoint that fails is given up and costs
 * nothing but itself, until too many fail in a row. After `close` nothing is committed any more, and what was
 * being committed is settled.
 */
export class CheckpointCoordinator {
  readonly #context: CheckpointContext;
  readonly #waiting: CheckpointRequest[] = [];
  #pending: PendingCheckpoint | undefined;
  #present = new Set<string>();
  #timeout: Cancel | undefined;
  #timer: Cancel | undefined;
  #committing: Promise<void> | undefined;
  #failures = 0;
  #state: 'idle' | 'running' | 'stopping' | 'closed' = 'idle';

  constructor(context: CheckpointContext) {
    this.#context = context;
  }

  /** Every subtask runs and knows its splits; from here on barriers may be sent. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    this.#plan();
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

  /** A subtask has written its part. */
  acknowledge(acknowledgement: Acknowledgement): void {
    const pending = this.#pending;
    if (pending?.id !== acknowledgement.checkpointId) return;
    void this.#store(pending, acknowledgement).catch((error: unknown) => this.#fail(pending, error));
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

  #plan(): void {
    const { intervalMs, host } = this.#context;
    if (intervalMs === 0 || this.#state !== 'running') return;
    this.#timer?.();
    this.#timer = host.schedule(intervalMs, () => {
      this.request({ after: 'continue', done: () => undefined });
    });
  }

  #next(): void {
    if (this.#state !== 'running' || this.#pending !== undefined) return;
    const request = this.#waiting.shift();
    if (request === undefined) return;
    const { host, log, nextId, vertices, timeoutMs, store, send } = this.#context;
    const pending = new PendingCheckpoint(nextId(), request, host.clock.now(), vertices);
    this.#pending = pending;
    this.#present = store.present(request.directory);
    log.begin(() => pending.view(host.clock.now()));
    this.#timeout = host.schedule(timeoutMs, () => {
      this.#fail(pending, new Error(`it took longer than ${timeoutMs} ms`));
    });
    const savepoint = request.directory !== undefined;
    send({ type: 'trigger-barrier', checkpointId: pending.id, after: request.after, savepoint });
  }

  async #store(pending: PendingCheckpoint, acknowledgement: Acknowledgement): Promise<void> {
    const { store, host } = this.#context;
    const { chunks, written } = await store.write(
      acknowledgement.parts,
      this.#present,
      pending.request.directory,
    );
    if (this.#pending !== pending || this.#state === 'closed') return;
    pending.writtenBytes += written;
    if (!pending.acknowledge(acknowledgement, chunks, host.clock.now())) return;
    this.#timeout?.();
    this.#committing = this.#commit(pending);
    await this.#committing;
  }

  async #commit(pending: PendingCheckpoint): Promise<void> {
    const { store, host, manifest } = this.#context;
    const { directory } = pending.request;
    const content = manifest(pending, host.clock.now());
    try {
      const key =
        directory === undefined
          ? await store.commit(content)
          : await commitSavepoint(store, content, directory);
      this.#complete(pending, key);
    } catch (error) {
      this.#fail(pending, error);
    } finally {
      this.#committing = undefined;
    }
  }

  #complete(pending: PendingCheckpoint, manifest: string): void {
    const { host, log, listener, send } = this.#context;
    const { directory, after, done } = pending.request;
    log.end(pending.view(host.clock.now(), { manifest }));
    this.#pending = undefined;
    this.#failures = 0;
    listener.completed(pending, manifest);
    done({ status: 'completed', checkpointId: pending.id, location: directory ?? manifest });
    if (this.#state === 'closed') return;
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
    const { host, log, listener, send, tolerableFailures } = this.#context;
    const failure = error instanceof Error ? error.message : String(error);
    this.#timeout?.();
    this.#pending = undefined;
    log.end(pending.view(host.clock.now(), { failure }));
    listener.failed(pending, failure);
    pending.request.done({ status: 'failed', failure });
    if (this.#state === 'closed') return;
    this.#failures += 1;
    // After a drain the last watermark is out, and windows have fired that should not have: only a restart
    // takes that back.
    const beyondRepair =
      isFenced(error) || pending.request.after === 'drain' || this.#failures > tolerableFailures;
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
}

/** A directory that is taken is the caller's mistake and must not be mistaken for a fence. */
async function commitSavepoint(
  store: CheckpointStore,
  manifest: Manifest,
  directory: string,
): Promise<string> {
  try {
    return await store.commitSavepoint(manifest, directory);
  } catch (cause) {
    if (!isFenced(cause)) throw cause;
    throw new Refusal(
      `Cannot write a savepoint to "${directory}": there is one already; give an empty directory`,
      { cause },
    );
  }
}
