/** Files in memory that outlive the jobs that write them, and take their time as the clock of the job says. */
import type { ConnectorHost, TransactionalSink } from '../../connector.ts';
import { FileCommitter } from './file-committer.ts';
import type { FileTarget, Leftover, OpenFile, PinnedFile } from './file-target.ts';
import { FileWriter, type FileWriterOptions } from './file-writer.ts';
import { shorter } from './published.ts';

const DELAY_MS = 4;
const LOCATION = 'memory';

/** What a disk would hold. */
export class MemoryFiles {
  readonly visible = new Map<string, Buffer>();
  readonly hidden = new Map<string, Buffer>();
  readonly kept = new Set<string>();

  target(host: ConnectorHost): FileTarget {
    return new MemoryTarget(this, host);
  }

  sink<T>(options: Omit<FileWriterOptions<T>, 'target'>): TransactionalSink<T> {
    return {
      connector: 'memory-files',
      guarantee: 'exactly-once',
      options: {},
      writer: (host, subtask) => new FileWriter({ ...options, target: this.target(host) }, host, subtask),
      committer: (host, subtask) =>
        new FileCommitter({ location: LOCATION, targetOf: () => this.target(host) }, host, subtask),
    };
  }
}

class MemoryTarget implements FileTarget {
  readonly #files: MemoryFiles;
  readonly #host: ConnectorHost;

  constructor(files: MemoryFiles, host: ConnectorHost) {
    this.#files = files;
    this.#host = host;
  }

  open(name: string): OpenFile {
    const files = this.#files;
    const { owner } = this.#host;
    const pinned = (finished: boolean): PinnedFile => {
      const sizeBytes = files.hidden.get(name)?.length ?? 0;
      return { version: 1, location: LOCATION, owner, name, sizeBytes, finished };
    };
    return {
      append: async (bytes) => {
        await this.#elapse();
        files.hidden.set(name, Buffer.concat([files.hidden.get(name) ?? Buffer.alloc(0), bytes]));
      },
      pin: async () => {
        await this.#elapse();
        return pinned(false);
      },
      finish: async () => {
        await this.#elapse();
        return pinned(true);
      },
      close: () => Promise.resolve(),
    };
  }

  async publish({ name, sizeBytes }: PinnedFile): Promise<void> {
    await this.#elapse();
    const { visible, hidden, kept } = this.#files;
    const present = visible.get(name)?.length;
    if (present !== undefined && present < sizeBytes) throw shorter(name, present, sizeBytes);
    const written = hidden.get(name);
    if (present === undefined && written === undefined) throw new Error(`File "${name}" is gone.`);
    if (present === undefined) visible.set(name, Buffer.from(written?.subarray(0, sizeBytes) ?? ''));
    await this.#elapse();
    hidden.delete(name);
    kept.delete(name);
  }

  async leftovers(): Promise<readonly Leftover[]> {
    await this.#elapse();
    const { hidden, kept } = this.#files;
    const names = [...hidden.keys()].filter((name) => !kept.has(name));
    return names.map((name) => ({
      name,
      discard: () => {
        hidden.delete(name);
        return Promise.resolve();
      },
    }));
  }

  async keep({ name }: PinnedFile): Promise<void> {
    await this.#elapse();
    this.#files.kept.add(name);
  }

  close(): void {}

  #elapse(): Promise<void> {
    return new Promise((resolve) => {
      this.#host.schedule(Math.floor(this.#host.random() * (DELAY_MS + 1)), resolve);
    });
  }
}
