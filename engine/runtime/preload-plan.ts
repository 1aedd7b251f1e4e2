import type { ManifestChunk, ManifestOperator } from './coordinator/manifest.ts';

/** Below this share of an operator's state a table is not worth while: small ones are soon rewritten whole. */
const WORTHWHILE_SHARE = 0.1;

/** The chunks of one writer of one table that were read, in their order. */
export type ReadChains = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** How one checkpoint stands to what was read of those before. */
export interface PreloadPlan {
  /** Operators of which other state was read than is in the checkpoint: their tables must be filled anew. */
  readonly forsaken: readonly string[];
  /** All operators, with the chunks that are yet to be read. */
  readonly rest: readonly ManifestOperator[];
}

/**
 * What is left to read of these operators. The chunks of a writer go on behind those that were read of it, or nothing
 * of the operator can be used: what was read may hold entries that are gone.
 */
export function planOf(operators: readonly ManifestOperator[], read: ReadChains): PreloadPlan {
  const forsaken: string[] = [];
  const rest = operators.map((operator) => {
    const chains = read.get(operator.id);
    if (chains === undefined) return operator;
    const left = unread(operator.chunks, chains);
    if (left === undefined) forsaken.push(operator.id);
    return left === undefined ? operator : { ...operator, chunks: left };
  });
  const present = new Set(operators.map(({ id }) => id));
  return { forsaken: [...forsaken, ...[...read.keys()].filter((id) => !present.has(id))], rest };
}

/** The chunks that are not read; undefined where some were read that are not at the front of their chain. */
function unread(
  chunks: readonly ManifestChunk[],
  chains: ReadonlyMap<string, readonly string[]>,
): readonly ManifestChunk[] | undefined {
  const places = new Map<string, number>();
  let fits = true;
  const left = chunks.filter((chunk) => {
    const chain = chainOf(chunk);
    const place = places.get(chain) ?? 0;
    places.set(chain, place + 1);
    const before = chains.get(chain)?.[place];
    if (before !== undefined && before !== contentOf(chunk)) fits = false;
    return before === undefined;
  });
  const isWhole = [...chains].every(([chain, read]) => (places.get(chain) ?? 0) >= read.length);
  return fits && isWhole ? left : undefined;
}

/**
 * Of chunks that could be read in advance, those of tables that make up much of their operator's state, or of which some
 * was read already. State that is dealt out by how much there is of it cannot be read before all is known.
 */
export function worthPreloading(
  { chunks }: ManifestOperator,
  chains: ReadonlyMap<string, readonly string[]> | undefined,
): (chunk: ManifestChunk) => boolean {
  const bytes = new Map<string, number>();
  let all = 0;
  for (const chunk of chunks) {
    const size = chunk.rawBytes ?? chunk.bytes;
    bytes.set(chunk.state, (bytes.get(chunk.state) ?? 0) + size);
    all += size;
  }
  return (chunk) =>
    chunk.distribution === undefined &&
    ((bytes.get(chunk.state) ?? 0) >= all * WORTHWHILE_SHARE || chains?.has(chainOf(chunk)) === true);
}

/** Writers have key groups of their own, so the order among them says nothing. */
export function chainOf({ state, keyGroups }: ManifestChunk): string {
  return `${state}/${keyGroups.start}-${keyGroups.end}`;
}

/** Chunks are named by their hash, wherever they lie: in the pool, a second time there, or beside a savepoint. */
export function contentOf({ key, crc, entries }: ManifestChunk): string {
  const name = key.slice(key.lastIndexOf('/') + 1).replace(/-\d+$/, '');
  return `${name}:${crc}:${entries}`;
}
