import type { Sink } from '../connectors/connector.ts';

/** Drops the records of a sink; nothing is pending, so nothing waits. */
export function discardedSink(): Sink<never> {
  return {
    connector: 'discard',
    guarantee: 'effectively-once',
    options: {},
    writer: () => ({
      write: () => {},
      pending: 0,
      highWater: 1,
      flush: () => Promise.resolve(),
      onAvailable: () => {},
      close: () => Promise.resolve(),
    }),
  };
}
