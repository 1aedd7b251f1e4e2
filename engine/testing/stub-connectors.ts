import type { Sink, Source } from '../connectors/connector.ts';
import type { Schema } from '../data/schema.ts';

/**
 * A source that only describes itself: test runs feed its records, and nothing ever opens it.
 *
 * Example: `stubSource(Payment, (payment) => payment.at)`.
 */
export function stubSource<T>(schema: Schema<T>, time?: (value: T) => number): Source<T> {
  return {
    connector: 'stub',
    options: {},
    schema,
    ...(time === undefined ? {} : { time }),
    enumerator: refuseOpening,
    reader: refuseOpening,
  };
}

/** A stub source whose records are pushed one by one, each with the time that the test gives it. */
export function pushedSource<T>(schema: Schema<T>): Source<T> {
  return { ...stubSource(schema), timed: true };
}

/** A sink that only describes itself; test runs capture what would go there. */
export function stubSink(name: string): Sink<unknown> {
  return { connector: 'stub', guarantee: 'exactly-once', options: { name }, writer: refuseOpening };
}

function refuseOpening(): never {
  throw new Error('A stub connector describes itself and cannot be opened; use it in test runs');
}
