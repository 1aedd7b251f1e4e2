import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { CorruptDataError } from '../corrupt-data-error.ts';
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';

/** A small JSON object on disk, readable by its owner only and replaced as a whole. */
export class JsonFile {
  readonly #file: string;
  readonly #content: JsonObject;

  constructor(file: string) {
    this.#file = file;
    this.#content = read(file);
  }

  get(key: string): unknown {
    return Object.hasOwn(this.#content, key) ? this.#content[key] : undefined;
  }

  keys(): string[] {
    return Object.keys(this.#content);
  }

  set(key: string, value: unknown): void {
    this.#content[key] = value;
    this.#save();
  }

  delete(key: string): void {
    delete this.#content[key];
    this.#save();
  }

  #save(): void {
    // A crash leaves either the old file or the new one.
    const draft = `${this.#file}.tmp`;
    writeFileSync(draft, JSON.stringify(this.#content, null, 2), { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}

function read(file: string): JsonObject {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw new CorruptDataError(file, 'it is not JSON', { cause });
  }
  if (!isObject(content)) throw new CorruptDataError(file, 'it is not a JSON object');
  return content;
}
