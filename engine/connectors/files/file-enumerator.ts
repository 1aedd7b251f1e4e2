import type { ConnectorHost, Split, SplitEnumerator } from '../connector.ts';
import { splitFile } from './file-split.ts';
import type { FileStore } from './file-store.ts';
import type { StartTimes } from './start-times.ts';

/**
 * Lists the files once, when a job starts without state: these are its input, and every checkpoint has all of them.
 * What is written to the place later is input of another job.
 */
export class FileEnumerator implements SplitEnumerator {
  readonly discoverEveryMs = 0;
  readonly #selection: FileSelection;
  readonly #host: ConnectorHost;

  constructor(selection: FileSelection, host: ConnectorHost) {
    this.#selection = selection;
    this.#host = host;
  }

  async discover(known: ReadonlyMap<string, boolean>): Promise<readonly Split[]> {
    if (known.size > 0) return [];
    const { store, order, location, rangeBytes } = this.#selection;
    const files = await store.list();
    const fields = { location, files: files.length };
    this.#host.report(
      files.length === 0
        ? { level: 'warn', message: 'No file was found', fields }
        : { level: 'info', message: 'Files were listed', fields },
    );
    return files
      .flatMap((file) => splitFile(file, rangeBytes))
      .sort((left, right) => order.compare(left, right));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Which files are read, and in parts of what size. */
export interface FileSelection {
  readonly store: FileStore;
  readonly order: StartTimes;
  readonly location: string;
  readonly rangeBytes: number;
}
