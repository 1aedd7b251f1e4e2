import type { WorkerLogs } from '../rest/rest-context.ts';

/** The log of a worker lies with whoever collects its output; the REST API serves what it wrote last. */
const KEPT_BYTES = 4 * 1024 * 1024;

const LOG_FILE = 'worker.log';

/** The last lines that this worker has written. */
export class LogMemory implements WorkerLogs {
  readonly #now: () => number;
  #lines: string[] = [];
  #bytes = 0;
  #modifiedAtMs: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#modifiedAtMs = now();
  }

  add(line: string): void {
    this.#lines.push(line);
    this.#bytes += Buffer.byteLength(line);
    this.#modifiedAtMs = this.#now();
    // By halves, so that no line costs a move of all others.
    if (this.#bytes > 2 * KEPT_BYTES) this.#forget();
  }

  files(): ReturnType<WorkerLogs['files']> {
    return [{ name: LOG_FILE, sizeBytes: this.#bytes, modifiedAtMs: this.#modifiedAtMs }];
  }

  text(name: string): string | undefined {
    return name === LOG_FILE ? this.#lines.join('') : undefined;
  }

  #forget(): void {
    let first = 0;
    while (this.#bytes > KEPT_BYTES) {
      this.#bytes -= Buffer.byteLength(this.#lines[first] ?? '');
      first += 1;
    }
    this.#lines = this.#lines.slice(first);
  }
}
