/** Remembers from which inputs an output was made, so that nothing is made twice. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface CacheEntry {
  /** Files relative to the root of the repository. */
  readonly inputs: readonly string[];
  readonly hash: string;
  readonly outputs: readonly string[];
}

/** Entries by the name of what is made, kept in one JSON file; a file that cannot be read counts as empty. */
export class BuildCache {
  readonly #root: string;
  readonly #file: string;
  readonly #entries: Record<string, CacheEntry>;

  constructor(root: string, file: string) {
    this.#root = root;
    this.#file = join(root, file);
    this.#entries = readEntries(this.#file);
  }

  /** Whether the inputs recorded for `name` are what they were and its outputs exist. */
  isFresh(name: string, inputs?: readonly string[]): boolean {
    const entry = this.#entries[name];
    if (entry === undefined) return false;
    if (entry.outputs.some((output) => !existsSync(join(this.#root, output)))) return false;
    return entry.hash === hashOf(this.#root, inputs ?? entry.inputs);
  }

  record(name: string, inputs: readonly string[], outputs: readonly string[]): void {
    this.#entries[name] = { inputs, hash: hashOf(this.#root, inputs), outputs };
    mkdirSync(dirname(this.#file), { recursive: true });
    // A process that dies while it writes must not leave half a file behind.
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#entries, null, 1));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Every file below a folder, relative to the root, in a stable order. */
export function filesBelow(root: string, folder: string): string[] {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function readEntries(file: string): Record<string, CacheEntry> {
  if (!existsSync(file)) return {};
  try {
    // Written by `record` alone; whatever else stands there is caught below or ends as a stale entry.
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, CacheEntry>;
  } catch (cause) {
    if (cause instanceof SyntaxError) return {};
    throw cause;
  }
}

function hashOf(root: string, inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const path = join(root, input);
    hash
      .update(`${input}\0`)
      .update(existsSync(path) ? readFileSync(path) : 'missing')
      .update('\0');
  }
  return hash.digest('hex');
}
