/** One JSON line on stdout per thing that happened; whoever runs the worker collects them. */

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, unknown>>;

/** Writes lines that carry the same fields. */
export interface Log {
  /** `message` is constant text in past tense; what varies is in `fields`. */
  (level: LogLevel, message: string, fields?: LogFields): void;
}

export function jsonLog(common: LogFields, write: (line: string) => void): Log {
  return (level, message, fields = {}) => {
    const timestamp = new Date().toISOString();
    write(`${JSON.stringify({ timestamp, level, message, ...common, ...fields })}\n`);
  };
}

export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) {
    return { reason: String(error) };
  }
  const { name, message, stack, cause } = error;
  return { error: name, reason: message, stack, ...(cause === undefined ? {} : { cause: String(cause) }) };
}
