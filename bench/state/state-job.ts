/** The job of the benchmarks of state: one slot's thread in this process, and what it and its coordinator tell. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CheckpointStorage, EngineEvent } from '../../engine/host.ts';
import { encodeJson } from '../../engine/runtime/coordinator/json-object.ts';
import { startJob } from '../../engine/runtime/job.ts';
import type { JobOptions, Restore } from '../../engine/runtime/job-options.ts';
import type { Job } from '../../engine/runtime/job-status.ts';
import { startSlotThread } from '../../engine/runtime/slot-thread.ts';
import { nodeScheduler } from '../../engine/worker/node-scheduler.ts';
import type { Configuration } from './application.ts';
import { type Gap, hearPulses, preciseNow, type Pulse } from './pulse.ts';

const LOOK_MS = 5;
const PREFIX = 'bench';
/** State of ten million keys, and what a snapshot of them takes besides. */
const HEAP_MB = 8192;

type Completed = Extract<EngineEvent, { readonly type: 'checkpoint-completed' }> & { readonly atMs: number };
type Loaded = Extract<Pulse, { readonly type: 'loaded' }>;
type Output = Extract<Pulse, { readonly type: 'output' }>;

/** How a job is to run. */
export interface StateJobOptions {
  readonly configuration: Configuration;
  readonly storage: CheckpointStorage;
  readonly epoch: number;
  readonly checkpointIntervalMs?: number;
  readonly parallelism?: number;
  readonly restore?: Restore;
}

export class StateJob {
  readonly gaps: Gap[] = [];
  readonly completed: Completed[] = [];
  readonly delays: Float64Array[] = [];
  /** When sinks got records. */
  readonly outputs: Output[] = [];
  loaded: Loaded | undefined;
  records = 0;
  readonly startedAtMs = preciseNow();
  readonly #job: Job;
  readonly #deaf: () => void;
  #failure: string | undefined;
  #triggers = 0;

  private constructor(options: JobOptions, storage: CheckpointStorage) {
    this.#deaf = hearPulses((pulse) => this.#hear(pulse));
    this.#job = startJob(options, {
      ...nodeScheduler(),
      random: Math.random,
      environment: {},
      storage,
      reporter: {
        report: (event) => {
          if (event.type === 'checkpoint-completed') this.completed.push({ ...event, atMs: preciseNow() });
          if (event.type === 'checkpoint-failed') this.#failure = event.reason;
          if (event.type === 'subtask-failed') this.#failure = event.reason;
        },
      },
      spawnSlot: (data) =>
        startSlotThread(new URL('../streams/slot-entry.ts', import.meta.url), data, HEAP_MB),
    });
  }

  static async start(how: StateJobOptions): Promise<StateJob> {
    const { configuration, storage, epoch, restore = { kind: 'none' } } = how;
    const jobId = String(epoch).padStart(32, '0');
    const found = await storage.get(`${PREFIX}/head.json`);
    const head = found === undefined ? {} : (JSON.parse(new TextDecoder().decode(found.bytes)) as object);
    await storage.put(`${PREFIX}/head.json`, encodeJson({ ...head, epoch, jobId }));
    return new StateJob(
      {
        jobId,
        name: 'totals',
        application: { module: new URL('application.ts', import.meta.url).href },
        configuration,
        parallelism: how.parallelism ?? 1,
        checkpointIntervalMs: how.checkpointIntervalMs ?? 0,
        epoch,
        prefix: PREFIX,
        restore,
        restart: { kind: 'none' },
        threads: true,
      },
      storage,
    );
  }

  get job(): Job {
    return this.#job;
  }

  /** Waits for something to become true; throws what the job failed with. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      const { state, firstFault } = this.#job.status();
      if (state === 'FAILED' || this.#failure !== undefined) {
        throw new Error(`The job is ${state}: ${this.#failure ?? firstFault?.message ?? 'without a fault'}`);
      }
      await delay(LOOK_MS);
    }
  }

  /** A checkpoint, from its trigger to its end. */
  async checkpoint(): Promise<Completed> {
    const before = this.completed.length;
    this.#job.triggerCheckpoint(`bench-${++this.#triggers}`);
    await this.until(() => this.completed.length > before);
    // It has become longer.
    return this.completed[before] as Completed;
  }

  /** A savepoint, and how long it took. */
  async savepoint(directory: string): Promise<{ readonly ms: number; readonly bytes: number }> {
    const [begun, before] = [preciseNow(), this.completed.length];
    this.#job.savepoint({ directory, stop: false, triggerId: directory });
    await this.until(() => this.#job.savepointStatus(directory)?.status === 'completed');
    const ms = preciseNow() - begun;
    const { latest } = this.#job.status().checkpoints;
    return { ms, bytes: this.completed[before]?.bytes ?? latest.savepoint?.stateBytes ?? 0 };
  }

  /** The longest time without output since a moment, whichever subtask writes. */
  longestPauseMs(since: number): number {
    const spans = this.outputs
      .filter(({ lastMs }) => lastMs >= since)
      .toSorted((left, right) => left.firstMs - right.firstMs);
    let [longest, seenUntil] = [0, since];
    for (const { firstMs, lastMs, pauseMs } of spans) {
      longest = Math.max(longest, pauseMs, firstMs - seenUntil);
      seenUntil = Math.max(seenUntil, lastMs);
    }
    return longest;
  }

  async stop(): Promise<void> {
    await this.#job.cancel();
    this.#deaf();
  }

  #hear(pulse: Pulse): void {
    if (pulse.type === 'loaded') this.loaded = pulse;
    else if (pulse.type === 'delays') this.delays.push(pulse.delays);
    else if (pulse.type === 'output') this.outputs.push(pulse);
    else {
      this.records = pulse.records;
      // One by one: they may be more than a call takes.
      for (const gap of pulse.gaps) this.gaps.push(gap);
    }
  }
}
