/** A preview shows at most this many characters of a record. */
export const PREVIEW_LENGTH = 500;

const NAME = 'OperatorError';

/** A user's function threw: which operator it was, the record it was given, and the key, where there is one. */
export class OperatorError extends Error {
  override readonly name = NAME;
  readonly operator: string;
  readonly record: string;
  readonly key: string | undefined;

  constructor(operator: string, details: { cause: unknown; record: string; key?: string | undefined }) {
    const reason = details.cause instanceof Error ? details.cause.message : String(details.cause);
    super(`Operator "${operator}" failed: ${reason}`, { cause: details.cause });
    this.operator = operator;
    this.record = details.record;
    this.key = details.key;
  }
}

/** True also for an error of another copy of this module: bundles and threads each have their own. */
export function isOperatorError(error: unknown): error is OperatorError {
  return error instanceof Error && error.name === NAME;
}

/** A record as text for people: JSON where it can be, cut at {@link PREVIEW_LENGTH} characters. */
export function previewRecord(value: unknown): string {
  const text = recordText(value);
  return text.length > PREVIEW_LENGTH ? `${text.slice(0, PREVIEW_LENGTH - 1)}…` : text;
}

function recordText(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? `${field}n` : field)) ??
      String(value)
    );
  } catch {
    // Cyclic or hostile values: a preview must never be the second fault.
    return Object.prototype.toString.call(value);
  }
}
