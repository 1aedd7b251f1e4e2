/** Log lines as JSONL files, one a stream, of bounded size. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const rotateBytes = 10 * 1024 * 1024;
const keptFiles = 3;

/** One line of a stream. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** A line as it is read back. */
export interface StoredLogLine extends LogLine {
  readonly ingestionTime: number;
}

interface OpenStream {
  size: number;
  pending: string[];
  writing: Promise<void> | undefined;
}

/** Groups and streams under one directory. */
export class LogStore {
  readonly #directory: string;
  readonly #open = new Map<string, OpenStream>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  createGroup(group: string): boolean {
    const directory = this.#groupDirectory(group);
    if (existsSync(directory)) return false;
    mkdirSync(directory, { recursive: true });
    return true;
  }

  hasGroup(group: string): boolean {
    return existsSync(this.#groupDirectory(group));
  }

  deleteGroup(group: string): void {
    rmSync(this.#groupDirectory(group), { recursive: true, force: true });
  }

  groups(): string[] {
    return readdirSync(this.#directory)
      .map((name) => decodeURIComponent(name))
      .sort();
  }

  streams(group: string): string[] {
    if (!this.hasGroup(group)) return [];
    const files = readdirSync(this.#groupDirectory(group));
    return files
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => decodeURIComponent(name.slice(0, -'.jsonl'.length)))
      .sort();
  }

  /** Milliseconds since the epoch of the last write to a stream. */
  lastWriteAt(group: string, stream: string): number {
    return Math.round(statSync(this.#file(group, stream)).mtimeMs);
  }

  createStream(group: string, stream: string): void {
    this.append(group, stream, []);
  }

  /** Adds lines; they are on disk once `flush` has resolved. */
  append(group: string, stream: string, lines: readonly LogLine[]): void {
    const file = this.#file(group, stream);
    let open = this.#open.get(file);
    if (open === undefined) {
      mkdirSync(dirname(file), { recursive: true });
      open = { size: existsSync(file) ? statSync(file).size : 0, pending: [''], writing: undefined };
      this.#open.set(file, open);
    }
    const ingestionTime = Date.now();
    open.pending.push(...lines.map((line) => `${JSON.stringify({ ...line, ingestionTime })}\n`));
    open.writing ??= this.#drain(file, open);
  }

  /** Waits until all that was appended is on disk. */
  async flush(): Promise<void> {
    for (const open of this.#open.values()) await open.writing;
  }

  /** All kept lines of a stream, oldest first. */
  async read(group: string, stream: string): Promise<StoredLogLine[]> {
    const file = this.#file(group, stream);
    await this.#open.get(file)?.writing;
    const files = [...olderFiles(file).reverse(), file].filter((name) => existsSync(name));
    return files.flatMap((name) => readFileSync(name, 'utf8').split('\n').flatMap(parseLine));
  }

  async #drain(file: string, open: OpenStream): Promise<void> {
    // Lets the lines of one burst become one write.
    await Promise.resolve();
    while (open.pending.length > 0) {
      const text = open.pending.splice(0).join('');
      if (open.size + text.length > rotateBytes && open.size > 0) {
        rotate(file);
        open.size = 0;
      }
      open.size += Buffer.byteLength(text);
      try {
        await appendFile(file, text);
      } catch (cause) {
        // A deleted group takes its streams with it; a late line of one is no fault.
        if (existsSync(dirname(file))) throw cause;
      }
    }
    open.writing = undefined;
  }

  #groupDirectory(group: string): string {
    return join(this.#directory, encodeURIComponent(group));
  }

  #file(group: string, stream: string): string {
    return join(this.#groupDirectory(group), `${encodeURIComponent(stream)}.jsonl`);
  }
}

function olderFiles(file: string): string[] {
  return Array.from({ length: keptFiles - 1 }, (_, index) => `${file}.${index + 1}`);
}

function rotate(file: string): void {
  const files = [file, ...olderFiles(file)];
  for (let index = files.length - 1; index > 0; index -= 1) {
    const [newer, older] = [files[index - 1], files[index]];
    if (newer !== undefined && older !== undefined && existsSync(newer)) renameSync(newer, older);
  }
}

function parseLine(line: string): StoredLogLine[] {
  if (line === '') return [];
  try {
    // Only `append` writes these files.
    return [JSON.parse(line) as StoredLogLine];
  } catch {
    // The last line of a process that was killed may be torn; logs are not worth refusing to start for.
    return [];
  }
}
