import type { HandOver, OperatorHandOver } from '../host.ts';
import type { ManifestChunk, ManifestOperator } from './coordinator/manifest.ts';

/** Below this share of an operator's state a table is not worth while: small ones are soon rewritten whole. */
const WORTHWHILE_SHARE = 0.1;

/** The chunks of one writer of one table that were read, in their order. */
export type ReadChains = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** How one checkpoint stands to what was read of those before. */
export interface PreloadPlan {
  /** Operators of which other state was read than is in the checkpoint, and how it differs: they are filled anew. */
  readonly forsaken: ReadonlyMap<string, string>;
  /** All operators, with the chunks that are yet to be read. */
  readonly rest: readonly ManifestOperator[];
}

/**
 * What is left to read of these operators. The chunks of a writer go on behind those that were read of it, or nothing
 * of the operator can be used: what was read may hold entries that are gone.
 */
export function planOf(operators: readonly ManifestOperator[], read: ReadChains): PreloadPlan {
  const forsaken = new Map<string, string>();
  const rest = operators.map((operator) => {
    const chains = read.get(operator.id);
    if (chains === undefined) return operator;
    const left = unread(operator.chunks, chains);
    if (typeof left !== 'string') return { ...operator, chunks: left };
    forsaken.set(operator.id, left);
    return operator;
  });
  const present = new Set(operators.map(({ id }) => id));
  for (const id of read.keys()) if (!present.has(id)) forsaken.set(id, 'it has no state any more');
  return { forsaken, rest };
}

/** The chunks that are not read; or the reason why nothing that was read is of use. */
function unread(
  chunks: readonly ManifestChunk[],
  chains: ReadonlyMap<string, readonly string[]>,
): readonly ManifestChunk[] | string {
  const places = new Map<string, number>();
  let misfit: string | undefined;
  const left = chunks.filter((chunk) => {
    const chain = chainOf(chunk);
    const place = places.get(chain) ?? 0;
    places.set(chain, place + 1);
    const before = chains.get(chain)?.[place];
    if (before !== undefined && before !== contentOf(chunk))
      misfit ??= `chunk ${place} of "${chain}" is another`;
    return before === undefined;
  });
  for (const [chain, { length }] of chains) {
    const present = places.get(chain) ?? 0;
    if (present < length) misfit ??= `"${chain}" has ${present} chunks, ${length} were read`;
  }
  return misfit ?? left;
}

/** How much of the state of these operators was there before it was asked for. */
export function handOverOf(operators: readonly ManifestOperator[], read: ReadChains): HandOver {
  const { forsaken, rest } = planOf(operators, read);
  const figures = operators.map(({ id, name, chunks }, place): OperatorHandOver => {
    const left = rest[place]?.chunks ?? chunks;
    const why = forsaken.get(id);
    return {
      operator: name,
      chunksAhead: chunks.length - left.length,
      chunksRead: left.length,
      bytesAhead: bytesOf(chunks) - bytesOf(left),
      bytesRead: bytesOf(left),
      ...(why === undefined ? {} : { filledAnew: why }),
    };
  });
  return {
    bytesAhead: figures.reduce((sum, { bytesAhead }) => sum + bytesAhead, 0),
    bytesRead: figures.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    operators: figures.filter(({ chunksAhead, chunksRead }) => chunksAhead + chunksRead > 0),
  };
}

function bytesOf(chunks: readonly ManifestChunk[]): number {
  return chunks.reduce((sum, { bytes, rawBytes = bytes }) => sum + rawBytes, 0);
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
