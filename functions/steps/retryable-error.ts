import { RETRYABLE_ERROR } from '#contract/workflows.ts';
import { WriteConflict } from '../stores/database.ts';

/** What was tried may succeed later. Its name makes the state machine run the step again. */
export class RetryableError extends Error {
  override readonly name = RETRYABLE_ERROR;
  /** True where nothing went wrong and there is only something left to wait for. */
  readonly isWaiting: boolean;

  constructor(message: string, options: { readonly isWaiting?: boolean; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.isWaiting = options.isWaiting ?? false;
  }
}

const NETWORK_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'];
const TRANSIENT_NAMES =
  /Throttl|TooManyRequests|ServiceUnavailable|ServerException|TimeoutError|TransactionCanceled|InternalFailure|ServiceException/;

/** Whether an error of an AWS call is of the kind that goes away by itself. */
export function isTransient(error: unknown): boolean {
  if (error instanceof RetryableError || error instanceof WriteConflict) return true;
  if (!(error instanceof Error)) return false;
  if (TRANSIENT_NAMES.test(error.name)) return true;
  // Fields that the SDK and Node put on their errors; neither exports a type for all of them.
  const { $fault, code } = error as { $fault?: unknown; code?: unknown };
  return $fault === 'server' || NETWORK_CODES.includes(String(code));
}
