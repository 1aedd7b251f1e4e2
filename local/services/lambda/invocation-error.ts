import type { InvocationResult } from './protocol.ts';

/** An error object as Lambda gives it. */
export function failure(
  errorType: string,
  errorMessage: string,
  trace?: readonly string[],
): InvocationResult {
  return { failed: true, payload: JSON.stringify({ errorType, errorMessage, ...(trace ? { trace } : {}) }) };
}
