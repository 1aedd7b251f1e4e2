import type { RecordEncoder } from './json-encoder.ts';
import type { FileEncoder, FileForm } from './file-form.ts';

const LINE_FEED = 10;
const FIRST_BYTES = 16 * 1024;

/** How a record becomes a line. */
export interface LineFormat<T> {
  readonly name: string;
  readonly extension: string;
  /** The line without its end. */
  readonly encode: RecordEncoder<T>;
  /** The first line of every file, without its end. */
  readonly header?: Uint8Array | undefined;
}

/** Files of lines. */
export function lineForm<T>(format: LineFormat<T>): FileForm<T> {
  return {
    name: format.name,
    extension: format.extension,
    wholeAtAnyTime: true,
    encoder: () => new LineEncoder(format),
  };
}

class LineEncoder<T> implements FileEncoder<T> {
  readonly #encode: RecordEncoder<T>;
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  constructor({ encode, header }: LineFormat<T>) {
    this.#encode = encode;
    if (header !== undefined) this.#put(header);
  }

  get bytes(): number {
    return this.#length;
  }

  add(value: T): void {
    this.#put(this.#encode(value));
  }

  take(): Uint8Array {
    // A copy of its own: it is on its way while the buffer is filled again.
    const taken = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  end(): Promise<Uint8Array> {
    return Promise.resolve(this.take());
  }

  #put(line: Uint8Array): void {
    const end = this.#length + line.length + 1;
    if (end > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(end, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(line, this.#length);
    this.#buffer[end - 1] = LINE_FEED;
    this.#length = end;
  }
}
