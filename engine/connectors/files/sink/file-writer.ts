import type { Cancel } from '../../../host.ts';
import type { ConnectorHost, Prepared, PrepareHow, TransactionalWriter } from '../../connector.ts';
import type { FileForm } from '../../formats/file-form.ts';
import type { FileTarget, PinnedFile } from './file-target.ts';
import { PartFile } from './part-file.ts';
import { partName, partOrigin, type PartOrigin } from './part-name.ts';

/** Above this many bytes on their way the writer asks for a pause. */
const HIGH_WATER_BYTES = 16 * 1024 * 1024;

/** When a file is finished and the next one begun. */
export interface Rolling {
  readonly bytes: number;
  readonly intervalMs: number;
  readonly onCheckpoint: boolean;
}

/** What the writers of one sink have in common. */
export interface FileWriterOptions<T> {
  readonly target: FileTarget;
  readonly form: FileForm<T>;
  readonly compressed: boolean;
  readonly rolling: Rolling;
  /** The folder of a record within the location, without slashes at its ends; empty for none. */
  readonly folderOf: (value: T, time: number) => string;
  /** Files open at once; the one begun first makes room. */
  readonly openFilesMax: number;
}

interface Part<T> {
  readonly file: PartFile<T>;
  readonly alarm: Cancel;
}

/** Writes the records of one subtask into files, one at a time for each folder. */
export class FileWriter<T> implements TransactionalWriter<T> {
  readonly highWater = HIGH_WATER_BYTES;
  pending = 0;
  readonly #options: FileWriterOptions<T>;
  readonly #host: ConnectorHost;
  readonly #origin: PartOrigin;
  /** By folder, in the order in which they were begun. */
  readonly #parts = new Map<string, Part<T>>();
  /** Files that still have something to do, finished ones among them. */
  readonly #busy = new Set<PartFile<T>>();
  /** Finished since the last barrier. */
  #finished: Promise<PinnedFile>[] = [];
  #count = 0;
  #failure: { readonly cause: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(options: FileWriterOptions<T>, host: ConnectorHost, subtask: number) {
    this.#options = options;
    this.#host = host;
    this.#origin = partOrigin(host, subtask);
  }

  write(value: T, time: number): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
    const folder = this.#options.folderOf(value, time);
    const { file } = this.#parts.get(folder) ?? this.#begin(folder);
    file.add(value);
    if (file.bytes >= this.#options.rolling.bytes) this.#finish(folder);
  }

  async prepare({ savepoint, last }: PrepareHow): Promise<Prepared> {
    const { rolling, form } = this.#options;
    if (savepoint || last || rolling.onCheckpoint || !form.wholeAtAnyTime)
      for (const folder of this.#parts.keys()) this.#finish(folder);
    const finished = this.#finished;
    this.#finished = [];
    const open = [...this.#parts.values()].map(({ file }) => file.pin());
    const [committables, unfinished] = await Promise.all([Promise.all(finished), Promise.all(open)]);
    return { committables, unfinished };
  }

  /** Nothing is durable for readers before a checkpoint is. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  async close(): Promise<void> {
    for (const { alarm } of this.#parts.values()) alarm();
    this.#parts.clear();
    // Whoever comes next discards what is left over, and must not be overtaken by requests of ours.
    await Promise.allSettled(Array.from(this.#busy, (file) => file.close()));
  }

  #begin(folder: string): Part<T> {
    const { target, form, compressed, rolling, openFilesMax } = this.#options;
    const [oldest] = this.#parts.keys();
    if (oldest !== undefined && this.#parts.size >= openFilesMax) this.#finish(oldest);
    const name = `${partName(this.#origin, this.#count)}${form.extension}${compressed ? '.gz' : ''}`;
    this.#count += 1;
    const file = new PartFile({
      encoder: form.encoder(),
      target: target.open(folder === '' ? name : `${folder}/${name}`),
      compressed,
      moved: (bytes) => this.#moved(bytes),
      failed: (cause) => this.#fail(cause),
    });
    const alarm = Number.isFinite(rolling.intervalMs)
      ? this.#host.schedule(rolling.intervalMs, () => this.#finish(folder))
      : () => {};
    const part = { file, alarm };
    this.#parts.set(folder, part);
    this.#busy.add(file);
    return part;
  }

  #finish(folder: string): void {
    const part = this.#parts.get(folder);
    if (part === undefined) return;
    this.#parts.delete(folder);
    part.alarm();
    const finished = part.file.finish();
    finished.then(
      () => this.#busy.delete(part.file),
      (cause: unknown) => this.#fail(cause),
    );
    this.#finished.push(finished);
  }

  #moved(bytes: number): void {
    const before = this.pending;
    this.pending += bytes;
    if (before > HIGH_WATER_BYTES && this.pending <= HIGH_WATER_BYTES) this.#wake();
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause };
    this.pending = 0;
    this.#wake();
  }
}
