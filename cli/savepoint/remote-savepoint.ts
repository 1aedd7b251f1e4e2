/**
 * A savepoint of the platform as storage of the engine, so that one code writes and reads savepoint files everywhere.
 *
 * Objects go to and come from the platform's bucket directly, by addresses that the API gives for each of them.
 */
import type { Client } from '#contract/api/client.ts';
import type { CheckpointStorage } from '#engine/index.ts';
import { CliError, exitCode } from '../exit-code.ts';

/** Names of the savepoint in the API. */
export interface SavepointPlace {
  readonly namespace: string;
  readonly deployment: string;
  readonly savepoint: string;
}

/** For an import: what is written below `directory` is uploaded by its name there. */
export function uploadStorage(client: Client, place: SavepointPlace, directory: string): CheckpointStorage {
  return {
    ...refusing,
    // An import looks whether there is a savepoint already; the platform has just made a new one.
    get: () => Promise.resolve(undefined),
    async put(key, bytes) {
      const name = key.slice(directory.length + 1);
      const { items } = await client.get('createSavepointUploads', {
        params: place,
        body: { names: [name] },
      });
      const response = await fetch(addressOf(items[0], name), { method: 'PUT', body: Buffer.from(bytes) });
      if (!response.ok) throw failed(`Cannot upload "${name}"`, response);
      return { etag: response.headers.get('etag') ?? '' };
    },
    // What was uploaded before a failure goes with the savepoint.
    delete: () => Promise.resolve(),
  };
}

/** For an export: the key of the manifest, and storage that downloads it and its chunks. */
export async function downloadStorage(
  client: Client,
  place: SavepointPlace,
): Promise<{ readonly manifest: string; readonly storage: CheckpointStorage }> {
  const addresses = new Addresses(client, place);
  const manifest = await addresses.first();
  const storage: CheckpointStorage = {
    ...refusing,
    async get(key) {
      const response = await fetch(await addresses.of(key));
      if (response.status === 404) return undefined;
      if (!response.ok) throw failed(`Cannot download "${key}"`, response);
      return { bytes: await response.bytes(), etag: response.headers.get('etag') ?? '' };
    },
  };
  return { manifest, storage };
}

/** Addresses by key, page by page: they are asked for when they are needed, since they do not hold for long. */
class Addresses {
  readonly #client: Client;
  readonly #place: SavepointPlace;
  readonly #known = new Map<string, string>();
  #next: number | null = 0;
  #reading: Promise<void> | undefined;

  constructor(client: Client, place: SavepointPlace) {
    this.#client = client;
    this.#place = place;
  }

  /** The key that stands first: that of the manifest. */
  async first(): Promise<string> {
    await this.#read();
    const [key] = this.#known.keys();
    if (key === undefined)
      throw new CliError(exitCode.failed, 'Cannot export a savepoint without a manifest');
    return key;
  }

  async of(key: string): Promise<string> {
    for (;;) {
      const known = this.#known.get(key);
      if (known !== undefined) return known;
      if (this.#next === null)
        throw new CliError(exitCode.failed, `Cannot download "${key}": it has no address`);
      // Several are asked for at a time, and one page serves them all.
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
  }

  async #read(): Promise<void> {
    const query = { from: this.#next ?? 0 };
    const { items, next } = await this.#client.get('listSavepointObjects', { params: this.#place, query });
    for (const { key, url } of items) this.#known.set(key, url);
    this.#next = next;
  }
}

const refusing: CheckpointStorage = {
  put: () => Promise.reject(new Error('Cannot write to a savepoint that is exported')),
  get: () => Promise.resolve(undefined),
  async *list() {},
  delete: () => Promise.reject(new Error('Cannot delete from a savepoint that is exported')),
};

function addressOf(item: { readonly url: string } | undefined, name: string): string {
  if (item !== undefined) return item.url;
  throw new CliError(exitCode.failed, `Cannot upload "${name}": the platform gave no address for it`);
}

function failed(what: string, response: Response): CliError {
  return new CliError(exitCode.failed, `${what}: the store answered ${response.status}; try again`);
}
