import type { Committable, Committer, ConnectorHost, Recovery } from '../../connector.ts';
import type { FileTarget, PinnedFile } from './file-target.ts';
import { originOf, ownerDigits } from './part-name.ts';

/** Requests under way at once. */
const AT_ONCE = 8;

/** What the committers of one sink have in common. */
export interface FileCommitterOptions {
  /** The place that a file was written to; another than that of the sink when its location was changed since. */
  readonly targetOf: (location: string) => FileTarget;
  readonly location: string;
}

/** Makes files visible. */
export class FileCommitter implements Committer {
  readonly #options: FileCommitterOptions;
  readonly #host: ConnectorHost;
  readonly #subtask: number;
  readonly #targets = new Map<string, FileTarget>();

  constructor(options: FileCommitterOptions, host: ConnectorHost, subtask: number) {
    this.#options = options;
    this.#host = host;
    this.#subtask = subtask;
  }

  async commit(committables: readonly Committable[]): Promise<void> {
    // The snapshot gives back what writers have put there.
    await eachOf(committables as readonly PinnedFile[], (file) => this.#publish(file));
  }

  async keep(committables: readonly Committable[]): Promise<void> {
    await eachOf(committables as readonly PinnedFile[], (file) => this.#targetOf(file.location).keep(file));
  }

  /** A file that was not finished ends with the checkpoint: what follows goes into another one. */
  async recover({ committables, unfinished, all }: Recovery): Promise<void> {
    await this.commit([...committables, ...unfinished]);
    await this.#discard(all as readonly PinnedFile[]);
  }

  close(): Promise<void> {
    for (const target of this.#targets.values()) target.close();
    return Promise.resolve();
  }

  async #publish(file: PinnedFile): Promise<void> {
    const { location } = this.#options;
    if (file.owner !== this.#host.owner && file.location !== location) {
      // A copy of a deployment that writes elsewhere must not touch the place of the original, which commits itself.
      const fields = { file: file.name, location: file.location };
      this.#host.report({ level: 'warn', message: 'A file of another deployment was left alone', fields });
      return;
    }
    await this.#targetOf(file.location).publish(file);
  }

  #targetOf(location: string): FileTarget {
    const target = this.#targets.get(location) ?? this.#options.targetOf(location);
    this.#targets.set(location, target);
    return target;
  }

  /** Begun by attempts that are dead, and in no checkpoint that anybody goes on from. */
  async #discard(known: readonly PinnedFile[]): Promise<void> {
    const { location } = this.#options;
    const names = new Set(known.map(({ name }) => baseName(name)));
    const leftovers = await this.#targetOf(location).leftovers();
    const dead = leftovers.filter(({ name }) => !names.has(baseName(name)) && this.#isDead(name));
    await eachOf(dead, (leftover) => leftover.discard());
    if (dead.length === 0) return;
    const fields = { location, files: dead.length };
    this.#host.report({ level: 'info', message: 'Files that a dead job had begun were discarded', fields });
  }

  /**
   * This subtask has begun nothing yet, so what bears its number in this epoch is of an earlier attempt; about earlier
   * epochs one subtask cares for all.
   */
  #isDead(name: string): boolean {
    const origin = originOf(name);
    if (origin === undefined || origin.owner !== ownerDigits(this.#host.owner)) return false;
    return origin.epoch === this.#host.epoch
      ? origin.subtask === this.#subtask
      : origin.epoch < this.#host.epoch && this.#subtask === 0;
  }
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

async function eachOf<V>(values: readonly V[], task: (value: V) => Promise<void>): Promise<void> {
  const left = [...values];
  const next = async (): Promise<void> => {
    for (let value = left.shift(); value !== undefined; value = left.shift()) await task(value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
