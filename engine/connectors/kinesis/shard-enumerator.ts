import type { Shard } from '@aws-sdk/client-kinesis';
import { awaitRetry } from '../aws/retry.ts';
import type { ConnectorHost, Split, SplitEnumerator } from '../connector.ts';
import { openKinesisClient } from './client.ts';
import { startPosition } from './shard-position.ts';
import type { StreamStart } from './shard-position.ts';

/** Which shards of which stream are read from where. */
export interface ShardSelection {
  readonly stream: string;
  readonly start: StreamStart;
  readonly discoverEveryMs: number;
}

/** Lists the shards of a stream; the children of a split or merge name their parents and so are read after them. */
export class ShardEnumerator implements SplitEnumerator {
  readonly discoverEveryMs: number;
  readonly #selection: ShardSelection;
  readonly #host: ConnectorHost;
  #closed = false;

  constructor(selection: ShardSelection, host: ConnectorHost) {
    this.#selection = selection;
    this.#host = host;
    this.discoverEveryMs = selection.discoverEveryMs;
  }

  async discover(known: ReadonlyMap<string, boolean>): Promise<readonly Split[]> {
    const shards = await this.#shards();
    const { start } = this.#selection;
    if (known.size === 0) {
      const position = startPosition(start, this.#host.clock.now());
      return shards
        .filter((shard) => start !== 'latest' || isOpen(shard))
        .map((shard) => split(shard, position));
    }
    // Any shard that appears later was made by resharding: its first record follows the last of its parents.
    return newShards(shards, known, start).map((shard) => split(shard, startPosition('trim-horizon', 0)));
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #shards(): Promise<Shard[]> {
    const shards: Shard[] = [];
    let token: string | undefined;
    do {
      const page = await this.#page(token);
      shards.push(...(page.Shards ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return shards;
  }

  async #page(
    token: string | undefined,
  ): Promise<{ Shards?: Shard[] | undefined; NextToken?: string | undefined }> {
    const { stream } = this.#selection;
    const { sdk, client } = await openKinesisClient(this.#host);
    const command = new sdk.ListShardsCommand(
      token === undefined ? { StreamName: stream } : { NextToken: token },
    );
    for (let attempt = 0; ; attempt++) {
      try {
        return await client.send(command);
      } catch (error) {
        if (this.#closed) {
          return {};
        }
        await awaitRetry(this.#host, error, attempt, {
          operation: 'ListShards',
          subject: `stream "${stream}"`,
        });
      }
    }
  }
}

/**
 * Shards that belong to the job and are not known to it. With a start at the end of the stream, older shards do not
 * belong: only descendants of those that were read do.
 */
function newShards(
  shards: readonly Shard[],
  known: ReadonlyMap<string, boolean>,
  start: StreamStart,
): readonly Shard[] {
  const chosen = new Set(known.keys());
  const found: Shard[] = [];
  // Children always have a higher number than their parents, and the list is in the order of the numbers.
  for (const shard of shards) {
    const id = shard.ShardId ?? '';
    if (!chosen.has(id) && (start !== 'latest' || parentsOf(shard).some((parent) => chosen.has(parent)))) {
      chosen.add(id);
      found.push(shard);
    }
  }
  return found;
}

function split(shard: Shard, position: string): Split {
  return { id: shard.ShardId ?? '', position, parents: parentsOf(shard) };
}

function parentsOf(shard: Shard): string[] {
  return [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined);
}

function isOpen(shard: Shard): boolean {
  return shard.SequenceNumberRange?.EndingSequenceNumber === undefined;
}
