import type { Split, SplitEnumerator } from '../connectors/connector.ts';
import type { Cancel, Scheduler } from '../host.ts';
import { SplitAssignment } from './split-assignment.ts';
import type { SlotCommand } from './slot-protocol.ts';

/** What one source of an attempt gives its coordinator. */
export interface SplitContext {
  readonly host: Scheduler;
  readonly vertex: number;
  readonly parallelism: number;
  readonly enumerator: SplitEnumerator;
  /** To the slot of one subtask. */
  readonly send: (subtask: number, command: SlotCommand) => void;
  /** The first splits are given out. */
  readonly assigned: () => void;
  readonly broken: (error: unknown) => void;
}

/** Finds the splits of one source and gives them to its subtasks, for as long as the attempt lives. */
export class SplitCoordinator {
  readonly #context: SplitContext;
  readonly #assignment: SplitAssignment;
  #timer: Cancel | undefined;
  #laterSplitsFrom: number | undefined;
  #discovering = false;
  #again = false;
  #started = false;
  #complete = false;
  #closed = false;

  constructor(context: SplitContext) {
    this.#context = context;
    this.#assignment = new SplitAssignment(context.parallelism);
  }

  /** Goes on where a checkpoint stood; `restored` is empty for a first start. */
  start(restored: readonly Split[]): void {
    this.#assignment.add([...restored].sort((left, right) => (left.id < right.id ? -1 : 1)));
    void this.#discover();
  }

  finished(split: string): void {
    this.#assignment.finish(split);
    // Its children may be read now; if they are not known yet, now is the time to ask for them.
    this.#give();
    if (this.#context.enumerator.discoverEveryMs > 0) void this.#discover();
    else this.#conclude();
  }

  /** Splits that no reader holds and every checkpoint must carry on. */
  get finishedBefore(): readonly Split[] {
    return this.#assignment.finishedBefore;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.();
    await this.#context.enumerator.close();
  }

  async #discover(): Promise<void> {
    this.#again = this.#discovering;
    if (this.#discovering || this.#closed) return;
    this.#discovering = true;
    try {
      const splits = await this.#context.enumerator.discover(this.#assignment.known);
      this.#discovering = false;
      if (!this.#closed) this.#found(splits);
    } catch (error) {
      this.#discovering = false;
      if (!this.#closed) this.#context.broken(error);
    }
  }

  #found(splits: readonly Split[]): void {
    const { enumerator, host, assigned } = this.#context;
    this.#assignment.add(splits);
    this.#give();
    if (!this.#started) {
      this.#started = true;
      assigned();
    }
    if (enumerator.discoverEveryMs === 0) {
      this.#conclude();
      return;
    }
    if (this.#again) {
      void this.#discover();
      return;
    }
    this.#timer?.();
    this.#timer = host.schedule(enumerator.discoverEveryMs, () => void this.#discover());
  }

  /** A subtask without splits must be told so too: until then it does not know that it is idle. */
  #give(): void {
    const { laterSplitsFrom } = this.#context.enumerator;
    const all = !this.#started || laterSplitsFrom !== this.#laterSplitsFrom;
    this.#laterSplitsFrom = laterSplitsFrom;
    const given = new Map(this.#assignment.take().map(({ subtask, splits }) => [subtask, splits]));
    const { parallelism, vertex, send } = this.#context;
    for (let subtask = 0; subtask < parallelism; subtask += 1) {
      const splits = given.get(subtask) ?? [];
      if (splits.length > 0 || all) send(subtask, { type: 'assign-splits', vertex, splits, laterSplitsFrom });
    }
  }

  /**
   * Of a bounded source all splits are known at once; when the last one is given out nothing can follow. A subtask
   * that has read its own then ends and is not merely idle: nobody would wait for what is still on its way from it.
   */
  #conclude(): void {
    const { parallelism, vertex, send, enumerator } = this.#context;
    const more = !this.#assignment.allGiven || enumerator.laterSplitsFrom !== undefined;
    if (more || this.#complete) return;
    this.#complete = true;
    for (let subtask = 0; subtask < parallelism; subtask += 1)
      send(subtask, { type: 'no-more-splits', vertex });
  }
}
