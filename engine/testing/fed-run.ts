import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import type { CapturedOutputs } from './captured-outputs.ts';
import type { FedRecord } from './feeds.ts';
import { LocalJob } from './local-job.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandom } from './seeded-random.ts';
import { partsFor, type TestSnapshot } from './test-snapshot.ts';

/** How a job goes through its records. */
export interface FedRunOptions {
  readonly parallelism?: number;
  readonly maxParallelism?: number;
  /** After so many records the job dies and goes on from its last checkpoint; a list makes it die again and again. */
  readonly crashAt?: number | readonly number[];
  /** Records between two checkpoints; default 10. */
  readonly checkpointEvery?: number;
  /** Parallelism after the crash; a list for one crash after the other. */
  readonly rescaleTo?: number | readonly number[];
  /** Of `ctx.random`; default 1. */
  readonly seed?: number;
  /**
   * `event-time` moves the clock with the times that sources give their records, so that timers of processing time
   * fire and `assignTime` makes watermarks; default `still`.
   */
  readonly clock?: 'still' | 'event-time';
  /** Where the clock begins, ms; default 0. */
  readonly now?: number;
  /**
   * State to start from: of another run of this application, of one of its older versions, or of a harness.
   *
   * Errors: state that does not fit throws what a restart of a job would.
   */
  readonly restore?: TestSnapshot;
  /** False leaves the sources open after the last record, so that windows that wait go on waiting; default true. */
  readonly end?: boolean;
}

/** What is run, and where its records go. */
export interface FedJob {
  readonly graph: DataflowGraph;
  readonly outputs: CapturedOutputs;
  readonly wake: () => void;
}

interface Checkpoint {
  readonly position: number;
  readonly parts: readonly SnapshotPart[] | undefined;
  readonly mark: ReadonlyMap<string, number>;
  readonly late: ReadonlyMap<string, number>;
}

/** A job that is fed record by record, dies where it is told to, and goes on from its last checkpoint. */
export class FedRun {
  readonly clock: ManualClock;
  /** The one that runs now; a crash puts another in its place. */
  job: LocalJob;
  readonly #fed: FedJob;
  readonly #options: FedRunOptions;
  readonly #maxParallelism: number;
  readonly #random: () => number;
  readonly #crashes: number[];
  readonly #parallelisms: number[];
  #checkpoint: Checkpoint;
  #parallelism = 1;
  #lateBefore: ReadonlyMap<string, number> = new Map();
  #last: TestSnapshot | undefined;

  constructor(fed: FedJob, options: FedRunOptions) {
    this.#fed = fed;
    this.#options = options;
    this.clock = new ManualClock(options.now);
    // Fixed for the whole run, since a crash may change the parallelism.
    this.#maxParallelism = options.maxParallelism ?? 128;
    this.#random = seededRandom(options.seed ?? 1);
    this.#crashes = [options.crashAt ?? []].flat().toSorted((left, right) => left - right);
    this.#parallelisms = [options.rescaleTo ?? []].flat();
    const parts =
      options.restore === undefined
        ? undefined
        : partsFor(options.restore, 'application', this.#maxParallelism);
    this.#checkpoint = { position: 0, parts, mark: new Map(), late: new Map() };
    this.job = this.#start(options.parallelism ?? 1);
  }

  /** One step per record and one at the end; after each the job may be waited for. */
  *steps(records: readonly FedRecord[]): Generator<LocalJob, void, void> {
    const { checkpointEvery = 10, end = true } = this.#options;
    for (let position = 0; position <= records.length; position++) {
      if (position === this.#crashes[0]) {
        position = this.#crash();
      }
      const record = records[position];
      if (record !== undefined) {
        this.#feed(record);
        yield this.job;
      }
      // Where no crash is to come nobody would read it.
      if (this.#crashes.length > 0 && (position + 1) % checkpointEvery === 0) {
        this.#checkpoint = this.#checkpointAt(position + 1);
      }
    }
    this.#last = this.#snapshot();
    if (end) {
      this.#endSources();
      yield this.job;
    }
  }

  /** The state after the last record and before the sources ended. */
  get last(): TestSnapshot {
    return this.#last ?? this.#snapshot();
  }

  /** Records that came too late, of one operator or of all; those before a crash are counted once. */
  lateRecords(operator?: string): number {
    const operators = operator === undefined ? this.#fed.graph.nodes.map(({ name }) => name) : [operator];
    return operators.reduce(
      (sum, name) => sum + (this.#lateBefore.get(name) ?? 0) + this.job.lateRecords(name),
      0,
    );
  }

  #feed({ source, value, time, watermark }: FedRecord): void {
    if (this.#options.clock === 'event-time' && time > this.clock.now()) {
      this.clock.advance(time - this.clock.now());
      this.job.tick();
    }
    this.job.push(source, value, time);
    if (watermark !== undefined) {
      this.job.watermark(source, watermark);
    }
  }

  /** The job is gone, and the outputs are as the last checkpoint has them; gives the position to go on from. */
  #crash(): number {
    this.#crashes.shift();
    const { position, mark, late } = this.#checkpoint;
    this.#fed.outputs.rewind(mark);
    this.#lateBefore = late;
    this.job = this.#start(this.#parallelisms.shift() ?? this.#parallelism);
    return position;
  }

  #checkpointAt(position: number): Checkpoint {
    const { graph, outputs } = this.#fed;
    return {
      position,
      parts: this.job.snapshot(),
      mark: outputs.mark(),
      late: new Map(graph.nodes.map(({ name }) => [name, this.lateRecords(name)])),
    };
  }

  #snapshot(): TestSnapshot {
    return { parts: this.job.snapshot(), maxParallelism: this.#maxParallelism };
  }

  #endSources(): void {
    for (const { kind, name } of this.#fed.graph.nodes) {
      if (kind === 'source') {
        this.job.end(name);
      }
    }
  }

  #start(parallelism: number): LocalJob {
    this.#parallelism = parallelism;
    const { parts } = this.#checkpoint;
    const { graph, outputs, wake } = this.#fed;
    return new LocalJob(graph, {
      parallelism,
      maxParallelism: this.#maxParallelism,
      clock: this.clock,
      random: this.#random,
      outputs,
      wake,
      ...(parts === undefined ? {} : { restored: parts }),
    });
  }
}
