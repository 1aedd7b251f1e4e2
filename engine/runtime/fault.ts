import { isFenced } from '../host.ts';
import { isOperatorError, redactedPreview } from '../operators/operator-error.ts';
import { withoutHidden } from '../operators/redacted-text.ts';
import { Refusal } from './coordinator/refusal.ts';
import { userFrames } from './fault-frames.ts';
import type { Fault } from './job-status.ts';

/** Where an error was caught, as far as the catcher knows. */
export interface FaultPlace {
  readonly atMs: number;
  readonly vertex?: string;
  readonly subtask?: number;
}

/**
 * An error as plain data that can cross threads and stay in a status. The values of `hiddenFields` are nowhere in it,
 * neither in the record nor in a message or a key that was made of them.
 */
export function faultOf(error: unknown, place: FaultPlace, hiddenFields: readonly string[] = []): Fault {
  if (!(error instanceof Error)) return { ...place, name: 'Error', message: String(error) };
  const stack = stackOf(error);
  const root = rootOf(error);
  const frames = userFrames(root.stack);
  const fault = {
    ...place,
    name: root.name,
    message: error.message,
    ...(stack === undefined ? {} : { stack }),
    ...(frames.length === 0 ? {} : { frames }),
  };
  if (!isOperatorError(error)) return fault;
  const { operator, record, key, source, value } = error;
  const shown = value === undefined ? { text: record, hidden: [] } : redactedPreview(value, hiddenFields);
  return withoutValues(
    {
      ...fault,
      operator,
      record: shown.text,
      ...(key === undefined ? {} : { key }),
      ...(source === undefined ? {} : { source }),
    },
    // The chain's record may have been changed on its way to the operator that failed.
    [...shown.hidden, ...redactedPreview(error.entry?.value, hiddenFields).hidden],
  );
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

function withoutValues(fault: Fault, hidden: readonly string[]): Fault {
  if (hidden.length === 0) return fault;
  const { message, stack, key } = fault;
  return {
    ...fault,
    message: withoutHidden(message, hidden),
    ...(stack === undefined ? {} : { stack: withoutHidden(stack, hidden) }),
    ...(key === undefined ? {} : { key: withoutHidden(key, hidden) }),
  };
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
