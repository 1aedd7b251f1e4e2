import type { Source, SplitReader } from '../../engine/connectors/connector.ts';

/** What a source says once its job is warm; `fields` of the report have time and CPU at that moment. */
export const WARM = 'Read what warms up';

/**
 * The same source, which says when `records` records were read: what comes behind them is measured. The code of a job
 * is compiled while it runs, and jobs run for long.
 */
export function markedSource<T>(source: Source<T>, records: number): Source<T> {
  return {
    ...source,
    enumerator: (host) => source.enumerator(host),
    reader: (host, subtask) => {
      const reader = source.reader(host, subtask);
      let read = 0;
      const marked: SplitReader<T> = {
        add: (split) => reader.add(split),
        onAvailable: (wake) => reader.onAvailable(wake),
        positions: () => reader.positions(),
        close: () => reader.close(),
        poll: (batch) => {
          if (read < 0) return reader.poll(batch);
          const polled = reader.poll(batch);
          if (polled === undefined) return undefined;
          read += batch.size;
          if (read < records) return polled;
          host.report({ level: 'info', message: WARM, fields: { ...usage(), records: read } });
          read = -1;
          return polled;
        },
      };
      return marked;
    },
  };
}

/** Time and the CPU of all threads of the process, in ms. */
export function usage(): { readonly atMs: number; readonly cpuMs: number } {
  const { user, system } = process.cpuUsage();
  return { atMs: performance.timeOrigin + performance.now(), cpuMs: (user + system) / 1000 };
}
