import type { InvocationResult } from './protocol.ts';

/** An error object as Lambda gives it for what a handler threw. */
export function failureOf(error: unknown): InvocationResult {
  if (!(error instanceof Error)) return failure(typeof error, String(error));
  return failure(error.name, error.message, (error.stack ?? '').split('\n'));
}

/** An error object as Lambda gives it for what befell the sandbox. */
export function failure(
  errorType: string,
  errorMessage: string,
  trace?: readonly string[],
): InvocationResult {
  return { failed: true, payload: JSON.stringify({ errorType, errorMessage, ...(trace ? { trace } : {}) }) };
}
