import type { StateEntry } from '../state/state-table.ts';
import type { CallContext, CallOutcome } from './operator-definition.ts';

/** A record whose answer is awaited, with all calls that are made for it. */
export class AsyncCall implements StateEntry, CallContext {
  readonly kind = 'call';
  /** Operator state has no keys. */
  readonly key = '';
  version = 0;
  readonly value: unknown;
  readonly time: number;
  attempt = 0;
  state: 'waiting' | 'open' | 'answered' | 'delayed' | 'done' = 'waiting';
  /** Of the last call, from its answer until it is judged. */
  outcome: CallOutcome<unknown> | undefined;
  /** What leaves for this record, once it is done. */
  results: readonly unknown[] = [];
  deadline = Infinity;
  retryAt = Infinity;
  delayMs = 0;
  #controller: AbortController | undefined;

  constructor(value: unknown, time: number) {
    this.value = value;
    this.time = time;
  }

  get done(): boolean {
    return this.state === 'done';
  }

  /** Made when it is asked for: most functions never do. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    this.#controller?.abort(reason);
  }
}

/** A watermark behind calls; nobody has to wait for anything but those. */
export class AsyncWatermark implements StateEntry {
  readonly kind = 'watermark';
  readonly key = '';
  readonly done = true;
  version = 0;
  readonly time: number;

  constructor(time: number) {
    this.time = time;
  }
}

/** What the operator holds in its order. */
export type AsyncElement = AsyncCall | AsyncWatermark;
