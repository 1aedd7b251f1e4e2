import type { Split } from '../connectors/connector.ts';
import type { Clock } from '../host.ts';
import type { ContinuedTable, SnapshotCursor, SnapshotPart } from '../state/snapshot.ts';
import type { SnapshotPhases } from './job-status.ts';

/** What a snapshot is of. */
export interface SnapshotOptions {
  readonly checkpointId: number;
  readonly splits: readonly Split[];
  /** What the sinks have to commit, when they are done; undefined without sinks. */
  readonly sinks: Promise<readonly SnapshotPart[]> | undefined;
  /** What its barrier has overtaken. */
  readonly inFlight: readonly SnapshotPart[];
  readonly clock: Clock;
  /** How its barriers came. */
  readonly barrier: Pick<SnapshotPhases, 'startDelayMs' | 'alignmentMs'>;
}

/**
 * One subtask's snapshot on its way: state is written in slices while sinks make durable what came before the
 * barrier.
 */
export class SubtaskSnapshot {
  readonly checkpointId: number;
  readonly splits: readonly Split[];
  readonly #options: SnapshotOptions;
  readonly #cursor: SnapshotCursor;
  readonly #beganAtMs: number;
  readonly #syncMs: number;
  readonly #overtakenBytes: number;
  #parts: SnapshotPart[] = [];
  #written = false;
  #flushed: boolean;
  #failure: { readonly cause: unknown } | undefined;

  /** `begin` fixes the state of this moment. */
  constructor(options: SnapshotOptions, begin: () => SnapshotCursor) {
    const { clock, sinks, checkpointId, splits, inFlight } = options;
    const before = clock.now();
    this.#options = options;
    this.checkpointId = checkpointId;
    this.splits = splits;
    this.#flushed = sinks === undefined;
    this.#parts.push(...inFlight);
    // Now, since their memory goes to the coordinator.
    this.#overtakenBytes = inFlight.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#cursor = begin();
    this.#beganAtMs = clock.now();
    this.#syncMs = this.#beganAtMs - before;
  }

  /** Calls `wake` when the sinks are done; what they have to commit is part of the state. */
  await(wake: () => void): void {
    this.#options.sinks?.then(
      (parts) => {
        this.#parts.push(...parts);
        this.#flushed = true;
        wake();
      },
      (cause: unknown) => {
        this.#failure = { cause };
        wake();
      },
    );
  }

  get continued(): readonly ContinuedTable[] {
    return this.#cursor.continued;
  }

  get done(): boolean {
    return this.#written && this.#flushed;
  }

  /** How long what took; when it is done. */
  get phases(): SnapshotPhases {
    const { barrier, clock } = this.#options;
    const overtaken = this.#overtakenBytes === 0 ? {} : { overtakenBytes: this.#overtakenBytes };
    return { ...barrier, syncMs: this.#syncMs, asyncMs: clock.now() - this.#beganAtMs, ...overtaken };
  }

  /** Works until `deadline`; false when only the sinks are awaited. Throws what a sink failed with. */
  step(deadline: number): boolean {
    if (this.#failure !== undefined) throw this.#failure.cause;
    if (this.#written) return false;
    this.#written = this.#cursor.step(deadline);
    this.#parts.push(...this.#cursor.take());
    return true;
  }

  /** Parts that were not taken yet. */
  take(): readonly SnapshotPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  /** Nobody wants it any more: the next one cannot go on behind it. */
  abandon(): void {
    this.#cursor.abandon();
  }
}
