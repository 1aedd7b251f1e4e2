/** Messages between the cloud, the Lambda host process and its worker threads. */
import type { FunctionDefinition } from './function-definition.ts';

/** What a function gave back. */
export interface InvocationResult {
  /** JSON text. */
  readonly payload: string;
  /** Set when the payload is an error object. */
  readonly failed: boolean;
}

/** From the cloud to the host. */
export type ToHost =
  | { readonly type: 'define'; readonly definition: FunctionDefinition }
  | {
      readonly type: 'invoke';
      readonly id: number;
      readonly name: string;
      readonly requestId: string;
      readonly payload: string;
    };

/** From the host to the cloud. */
export type FromHost =
  | { readonly type: 'result'; readonly id: number; readonly result: InvocationResult }
  | { readonly type: 'log'; readonly group: string; readonly stream: string; readonly text: string };

/** From the host to a worker. */
export interface ToWorker {
  readonly id: number;
  readonly requestId: string;
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** What a handler threw, or what befell its module. */
export interface Thrown {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** From a worker to the host; `broken` means that the handler could not be loaded. */
export type FromWorker =
  | { readonly type: 'returned'; readonly id: number; readonly payload: string }
  | { readonly type: 'threw'; readonly id: number; readonly error: Thrown }
  | { readonly type: 'broken'; readonly error: Thrown };

/** What a worker is started with. */
export interface WorkerStart {
  readonly definition: FunctionDefinition;
  readonly logStream: string;
}
