/** The auctions as a module of its own, for threads: each sink writes a file that the test reads. */
import { existsSync, writeFileSync } from 'node:fs';
import type { RunnableApplication } from './application-ref.ts';
import { auctionApplication } from './auctions.fixture.ts';
import { fileSink } from './counting-application.fixture.ts';

export interface FileAuctionConfiguration {
  readonly count: number;
  /** JSON lines, appended by all subtasks. */
  readonly file: string;
  readonly ratePerSecond: number;
  /** The first thread to find so many pairs ends, as long as `diedFile` is not there. */
  readonly diesAtPair: number;
  readonly diedFile: string;
}

const program: RunnableApplication = {
  name: 'auctions',
  build({ count, file, ratePerSecond, diesAtPair, diedFile }: FileAuctionConfiguration) {
    let found = 0;
    const watch = () => {
      found += 1;
      if (found !== diesAtPair || existsSync(diedFile)) return;
      writeFileSync(diedFile, '');
      process.exit(3);
    };
    const application = auctionApplication({ sink: fileSink(file), count, ratePerSecond, watch });
    return application.build({} as never); // it has no configuration
  },
};

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default program;
