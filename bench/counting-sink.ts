import type { Sink } from '../engine/connectors/connector.ts';

/** A sink that takes whatever comes and forgets it; the runtime counts. */
export function countingSink(): Sink<unknown> {
  return {
    connector: 'count',
    guarantee: 'at-least-once',
    options: {},
    writer: () => ({
      write: () => undefined,
      pending: 0,
      highWater: 1,
      flush: () => Promise.resolve(),
      onAvailable: () => undefined,
      close: () => Promise.resolve(),
    }),
  };
}
