import { isFenced } from '../host.ts';
import { isOperatorError } from '../operators/operator-error.ts';
import { Refusal } from './coordinator/refusal.ts';
import type { Fault } from './job-status.ts';

/** Where an error was caught, as far as the catcher knows. */
export interface FaultPlace {
  readonly atMs: number;
  readonly vertex?: string;
  readonly subtask?: number;
}

/** An error as plain data that can cross threads and stay in a status. */
export function faultOf(error: unknown, place: FaultPlace): Fault {
  if (!(error instanceof Error)) return { ...place, name: 'Error', message: String(error) };
  const stack = stackOf(error);
  const fault = {
    ...place,
    name: rootOf(error).name,
    message: error.message,
    ...(stack === undefined ? {} : { stack }),
  };
  if (!isOperatorError(error)) return fault;
  const { operator, record, key } = error;
  return { ...fault, operator, record, ...(key === undefined ? {} : { key }) };
}

/** True when the error, or one that caused it, says that a newer epoch owns the deployment. */
export function causedByFence(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    // A directory of a savepoint that is taken is refused like a fence, and is only its sender's mistake.
    if (cause instanceof Refusal) return false;
    if (isFenced(cause)) return true;
  }
  return false;
}

/** The user's own error is the interesting one; what wraps it only says where. */
function rootOf(error: Error): Error {
  return isOperatorError(error) && error.cause instanceof Error ? error.cause : error;
}

/** All stacks down the chain of causes, as Java prints them. */
function stackOf(error: Error): string | undefined {
  const stacks: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause.stack !== undefined) stacks.push(cause.stack);
  }
  return stacks.length === 0 ? undefined : stacks.join('\nCaused by: ');
}
