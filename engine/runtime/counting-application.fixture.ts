/** The counting application as a module of its own, for threads: each sink writes a file that the test reads. */
import { appendFileSync } from 'node:fs';
import type { Sink } from '../connectors/connector.ts';
import { countingGraph } from './counting.fixture.ts';
import type { RunnableApplication } from './application-ref.ts';

export interface FileCountingConfiguration {
  readonly splits: number;
  readonly count: number;
  readonly ratePerSecond?: number;
  /** JSON lines, appended by all subtasks. */
  readonly file: string;
  /** This payment of the first split throws. */
  readonly poison?: number;
}

const application: RunnableApplication = {
  name: 'counting',
  build: ({ file, poison, ...configuration }: FileCountingConfiguration) => {
    let seen = 0;
    const watch = () => {
      seen += 1;
      if (seen === poison) throw new RangeError(`payment ${seen} is poison`);
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

function fileSink(file: string): Sink<never> {
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
