import type { Sink, Source } from '../connectors/connector.ts';
import type { Schema } from '../data/schema.ts';

/** A source that only describes itself: test runs feed its records, and nothing ever opens it. */
export function stubSource<T>(schema: Schema<T>, time?: (value: T) => number): Source<T> {
  return {
    connector: 'stub',
    options: {},
    schema,
    ...(time === undefined ? {} : { time }),
    // Whoever feeds it may give times.
    timed: true,
    enumerator: refuseOpening,
    reader: refuseOpening,
  };
}

/** A sink that only describes itself; test runs capture what would go there. */
export function stubSink(name: string): Sink<unknown> {
  return { connector: 'stub', guarantee: 'exactly-once', options: { name }, writer: refuseOpening };
}

function refuseOpening(): never {
  throw new Error('A stub connector describes itself and cannot be opened; use it in test runs');
}
