import type { JsonObject } from '../../input.ts';

/** How far the work of a state has come, so that a restart goes on rather than begins anew. */
export interface Progress {
  /** Failed tries per retrier, in the order of the state's Retry. */
  readonly attempts?: readonly number[];
  /** Sum of all retries; `State.RetryCount` of the context. */
  readonly retryCount?: number;
  /** When the next try begins, in milliseconds since the epoch. */
  readonly retryAt?: number;
  /** When a Wait ends. */
  readonly wakeAt?: number;
  /** When the present try of a Task began. */
  readonly triedAt?: number;
  readonly token?: string;
  /** Whether the call that hands the token over was made. */
  readonly submitted?: boolean;
  /** Execution that this task started and waits for. */
  readonly childArn?: string;
}

/** Where a flow stands: in a state, or at its end. */
export type Cursor =
  | {
      readonly state: string;
      readonly input: unknown;
      readonly variables: JsonObject;
      /** Milliseconds since the epoch. */
      readonly enteredAt: number;
      readonly previousEvent: number;
      readonly progress: Progress;
    }
  | { readonly done: true; readonly output: unknown };
