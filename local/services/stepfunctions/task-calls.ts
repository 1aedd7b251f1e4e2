/** What tasks reach outside Step Functions. */
import type { InvocationResult } from '../lambda/protocol.ts';

/** A child execution that a task started. */
export interface ChildExecution {
  readonly executionArn: string;
  readonly startDate: number;
}

/** How a child execution ended. */
export interface ChildEnd {
  readonly status: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
}

/** Calls into the other services of the local cloud. */
export interface TaskCalls {
  /** Calls a function and waits; a function's own error is a result. */
  lambda(nameOrArn: string, payload: string): Promise<InvocationResult>;
  /** Calls an operation of a service by its X-Amz-Target prefix. */
  service(target: string, operation: string, input: Record<string, unknown>): Promise<unknown>;
  startExecution(input: { stateMachineArn: string; name: string; input: string }): ChildExecution;
  /** Resolves when the execution has ended. */
  executionEnd(executionArn: string): Promise<ChildEnd>;
}
