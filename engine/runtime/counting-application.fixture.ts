/**
 * The counting application as a module of its own, for threads: each sink writes a file that the test reads.
 */
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
  readonly does?: 'blocks' | 'fills';
  /** With it, the poison ends the thread, and only as long as this file is not there. */
  readonly diedFile?: string;
}

const application: RunnableApplication = {
  name: 'counting',
  build: ({ file, poison, does, diedFile, ...configuration }: FileCountingConfiguration) => {
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
      sink: fileSink(file),
    });
  },
};

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application;

function misbehave(does: 'blocks' | 'fills', noted: string): void {
  writeFileSync(noted, '');
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
