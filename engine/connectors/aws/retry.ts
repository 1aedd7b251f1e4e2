import type { ConnectorHost } from '../connector.ts';
import { errorMessage, errorName, isTransient } from './service-error.ts';

const FIRST_DELAY_MS = 100;
const DELAY_MS_MAX = 5000;
// One line for the first failure, then one in a while: a long outage must not fill the log.
const REPORT_EVERY = 20;

/** Exponential with full jitter, so that many readers of one throttled shard do not return together. */
export function retryDelayMs(attempt: number, host: Pick<ConnectorHost, 'random'>): number {
  const ceiling = Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return Math.max(FIRST_DELAY_MS / 2, host.random() * ceiling);
}

/** Resolves after the delay, by the clock of the job. */
export function pause(host: ConnectorHost, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    host.schedule(delayMs, resolve);
  });
}

/** What is done to whom, for messages. */
export interface Attempted {
  /** As in `PutRecords`. */
  readonly operation: string;
  /** As in `stream "payments"`. */
  readonly subject: string;
}

/** Reports a transient failure and waits; throws a permanent one with a message that says what was done. */
export async function awaitRetry(
  host: ConnectorHost,
  error: unknown,
  attempt: number,
  attempted: Attempted,
): Promise<void> {
  const { operation, subject } = attempted;
  if (!isTransient(error)) {
    throw new Error(`Cannot call ${operation} on ${subject}: ${errorName(error)}: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  if (attempt % REPORT_EVERY === 0) {
    const fields = { operation, subject, attempt, error: errorName(error), reason: errorMessage(error) };
    host.report({ level: 'warn', message: 'A service call failed and is tried again', fields });
  }
  await pause(host, retryDelayMs(attempt, host));
}
