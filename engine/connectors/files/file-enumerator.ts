import type { ConnectorHost, Split, SplitEnumerator } from '../connector.ts';
import { splitFile } from './file-split.ts';
import type { FileStore } from './file-store.ts';

/**
 * Lists the files once, when a job starts without state: these are its input, and every checkpoint has all of them.
 * What is written to the place later is input of another job.
 */
export class FileEnumerator implements SplitEnumerator {
  readonly discoverEveryMs = 0;
  readonly #store: FileStore;
  readonly #location: string;
  readonly #rangeBytes: number;
  readonly #host: ConnectorHost;

  constructor(store: FileStore, { location, rangeBytes }: FileSelection, host: ConnectorHost) {
    this.#store = store;
    this.#location = location;
    this.#rangeBytes = rangeBytes;
    this.#host = host;
  }

  async discover(known: ReadonlyMap<string, boolean>): Promise<readonly Split[]> {
    if (known.size > 0) return [];
    const files = await this.#store.list();
    const fields = { location: this.#location, files: files.length };
    this.#host.report(
      files.length === 0
        ? { level: 'warn', message: 'No file was found', fields }
        : { level: 'info', message: 'Files were listed', fields },
    );
    // As a checkpoint sorts them when it is restored.
    return files
      .flatMap((file) => splitFile(file, this.#rangeBytes))
      .sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Which files are read, and in parts of what size. */
export interface FileSelection {
  readonly location: string;
  readonly rangeBytes: number;
}
