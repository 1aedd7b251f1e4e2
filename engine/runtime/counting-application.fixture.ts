/**
 * The counting application as a module of its own, for threads: each sink writes a file that the test reads.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import type { Sink } from '../connectors/connector.ts';
import { countingGraph } from './counting.fixture.ts';
import type { RunnableApplication } from './application-ref.ts';

export interface FileCountingConfiguration {
  readonly splits: number;
  readonly count: number;
  readonly ratePerSecond?: number;
  /** JSON lines, appended by all subtasks. */
  readonly file: string;
  /** The payment of this number, counted in each thread, throws. */
  readonly poison?: number;
  /** What the poison does once; throws where it is left out. */
  readonly does?: 'blocks' | 'fills' | 'throws';
  /** Totals go to this service instead of the file. */
  readonly service?: string;
  /** With it, the poison ends the thread, and only as long as this file is not there. */
  readonly diedFile?: string;
}

const application: RunnableApplication = {
  name: 'counting',
  build: ({ file, poison, does, diedFile, service, ...configuration }: FileCountingConfiguration) => {
    let seen = 0;
    const watch = () => {
      seen += 1;
      if (seen !== poison) return;
      if (does !== undefined && diedFile !== undefined && !existsSync(diedFile)) misbehave(does, diedFile);
      if (does !== undefined) return;
      if (diedFile === undefined) throw new RangeError(`payment ${seen} is poison`);
      if (existsSync(diedFile)) return;
      writeFileSync(diedFile, '');
      process.exit(3);
    };
    return countingGraph({
      ...configuration,
      ...(poison === undefined ? {} : { watch }),
      sink: service === undefined ? fileSink(file) : serviceSink(service),
    });
  },
};

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application;

function misbehave(does: 'blocks' | 'fills' | 'throws', noted: string): void {
  writeFileSync(noted, '');
  if (does === 'throws') throw new RangeError('this payment is poison once');
  const kept: string[][] = [];
  for (;;)
    if (does === 'fills') kept.push(Array.from({ length: 1000 }, (_, index) => `${kept.length}/${index}`));
}

export function fileSink(file: string): Sink<never> {
  return {
    connector: 'file',
    guarantee: 'at-least-once',
    options: {},
    writer: () => ({
      write: (value: unknown) => appendFileSync(file, `${JSON.stringify(value)}\n`),
      pending: 0,
      highWater: 0,
      flush: () => Promise.resolve(),
      onAvailable: () => undefined,
      close: () => Promise.resolve(),
    }),
  };
}

/** Tells a service of every total, and by its address who does: each writer takes a name of its own. */
function serviceSink(service: string): Sink<never> {
  return {
    connector: 'service',
    guarantee: 'at-least-once',
    options: {},
    writer: (_, subtask) => {
      const address = `${service}/${subtask}/${randomUUID()}`;
      const requests = new Set<Promise<unknown>>();
      return {
        write: () => {
          const request = fetch(address).finally(() => requests.delete(request));
          requests.add(request);
        },
        get pending() {
          return requests.size;
        },
        highWater: 1_000_000,
        flush: async () => void (await Promise.all(requests)),
        onAvailable: () => undefined,
        close: async () => void (await Promise.allSettled(requests)),
      };
    },
  };
}
