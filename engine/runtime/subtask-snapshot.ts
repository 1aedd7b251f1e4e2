import type { Split } from '../connectors/connector.ts';
import type { SnapshotCursor, SnapshotPart, TableName } from '../state/snapshot.ts';

/**
 * One subtask's snapshot on its way: state is written in slices while sinks make durable what came before the
 * barrier.
 */
export class SubtaskSnapshot {
  readonly checkpointId: number;
  readonly parts: SnapshotPart[] = [];
  readonly splits: readonly Split[];
  readonly #cursor: SnapshotCursor;
  #written = false;
  #flushed: boolean;
  #failure: { readonly cause: unknown } | undefined;

  constructor(
    checkpointId: number,
    cursor: SnapshotCursor,
    splits: readonly Split[],
    sinks: Promise<readonly SnapshotPart[]> | undefined,
  ) {
    this.checkpointId = checkpointId;
    this.#cursor = cursor;
    this.splits = splits;
    this.#flushed = sinks === undefined;
  }

  /** Calls `wake` when the sinks are done; what they have to commit is part of the state. */
  await(sinks: Promise<readonly SnapshotPart[]> | undefined, wake: () => void): void {
    sinks?.then(
      (parts) => {
        this.parts.push(...parts);
        this.#flushed = true;
        wake();
      },
      (cause: unknown) => {
        this.#failure = { cause };
        wake();
      },
    );
  }

  get continued(): readonly TableName[] {
    return this.#cursor.continued;
  }

  get done(): boolean {
    return this.#written && this.#flushed;
  }

  /** Works until `deadline`; false when only the sinks are awaited. Throws what a sink failed with. */
  step(deadline: number): boolean {
    if (this.#failure !== undefined) throw this.#failure.cause;
    if (this.#written) return false;
    this.#written = this.#cursor.step(deadline);
    this.parts.push(...this.#cursor.take());
    return true;
  }
}
