import type { Split } from '../connector.ts';
import { FileFault } from './file-store.ts';
import { fileOf } from './file-split.ts';

/** What is known of the event time of files before they are read. */
export class StartTimes {
  readonly #startTime: ((name: string) => number) | undefined;

  constructor(startTime: ((name: string) => number) | undefined) {
    this.#startTime = startTime;
  }

  /** No record of the split is earlier. */
  earliest(id: string): { readonly notBefore?: number } {
    return this.#startTime === undefined ? {} : { notBefore: this.#of(id, this.#startTime) };
  }

  /** Earlier files first, then by name, and the parts of one file from its start. */
  compare(left: Split, right: Split): number {
    const { notBefore: before = 0 } = this.earliest(left.id);
    const { notBefore: after = 0 } = this.earliest(right.id);
    return before - after || Number(left.id > right.id) - Number(left.id < right.id);
  }

  #of(id: string, startTime: (name: string) => number): number {
    const time = startTime(fileOf(id));
    if (Number.isFinite(time)) return time;
    throw new FileFault(
      `Cannot read file "${fileOf(id)}": startTime gives ${time} for it, and must give milliseconds since 1970`,
    );
  }
}
