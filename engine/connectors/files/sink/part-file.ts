import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FileEncoder } from '../../formats/file-form.ts';
import type { OpenFile, PinnedFile } from './file-target.ts';

const compress = promisify(gzip);

/** So much is encoded before it is sent on. */
const CHUNK_BYTES = 256 * 1024;

/** What a part is made of. */
export interface PartFileContext<T> {
  readonly encoder: FileEncoder<T>;
  readonly target: OpenFile;
  readonly compressed: boolean;
  /** Bytes on their way to the target have become more or fewer. */
  readonly moved: (bytes: number) => void;
  readonly failed: (cause: unknown) => void;
}

/**
 * One file that is being written: records are encoded at once, and their bytes go to the target one step after the
 * other.
 */
export class PartFile<T> {
  readonly #context: PartFileContext<T>;
  #steps: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** Bytes of all records so far, before compression. */
  bytes = 0;

  constructor(context: PartFileContext<T>) {
    this.#context = context;
  }

  add(value: T): void {
    const { encoder } = this.#context;
    const before = encoder.bytes;
    encoder.add(value);
    this.bytes += encoder.bytes - before;
    if (encoder.bytes >= CHUNK_BYTES) this.#send(encoder.take());
  }

  /** Everything so far is durable; the file goes on. */
  pin(): Promise<PinnedFile> {
    const { encoder, target } = this.#context;
    this.#send(encoder.take());
    return this.#step(() => target.pin());
  }

  /** Everything is durable and nothing follows. */
  finish(): Promise<PinnedFile> {
    const { encoder, target } = this.#context;
    // Asked for now: the encoder must not wait for bytes that are on their way.
    const rest = encoder.end();
    return this.#step(async () => {
      await this.#append(await rest);
      return target.finish();
    });
  }

  /** Begins nothing more, and resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = this.#context.target.close();
    await Promise.allSettled([this.#steps, closed]);
  }

  #send(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const { moved, failed } = this.#context;
    moved(bytes.length);
    this.#step(() => this.#append(bytes)).then(() => moved(-bytes.length), failed);
  }

  /** Compressed chunks behind each other are a file of gzip as well, so it can go on behind any of them. */
  async #append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    const { target, compressed } = this.#context;
    await target.append(compressed ? await compress(bytes) : bytes);
  }

  /** After a step that failed none is taken any more. */
  #step<R>(task: () => Promise<R>): Promise<R> {
    const step = this.#steps.then(() => {
      if (this.#closed) throw new Error('The file was closed before this was done.');
      return task();
    });
    this.#steps = step;
    // Whoever waits for it is told; nobody need wait.
    step.catch(() => undefined);
    return step;
  }
}
