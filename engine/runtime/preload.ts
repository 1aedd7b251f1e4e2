import type { HandOver } from '../host.ts';
import type { Manifest, ManifestChunk, ManifestOperator } from './coordinator/manifest.ts';
import { readParts, type ChunkSource } from './coordinator/read-parts.ts';
import { chainOf, contentOf, handOverOf, planOf, worthPreloading } from './preload-plan.ts';
import type { WarmSlots } from './warm-slots.ts';

/** Of the parts that are read before the next ones are asked for, so that memory never holds all of the state twice. */
const BATCH_BYTES = 16 * 1_048_576;

/** A chunk with the operator that it belongs to. */
interface OwnedChunk {
  readonly operator: ManifestOperator;
  readonly chunk: ManifestChunk;
}

/**
 * State that warm slots read before they are needed: first what a checkpoint has, then what the next one has more.
 *
 * Contract: nothing that was read counts before {@link settle} has compared it with what is restored in the end. A
 * checkpoint may be collected while it is read, or afterwards: chunks are the same by their content.
 */
export class Preload {
  readonly #slots: WarmSlots;
  readonly #source: ChunkSource;
  readonly #read = new Map<string, Map<string, string[]>>();
  #reading: Promise<void> = Promise.resolve();
  #stopped = false;
  #handedOver: HandOver | undefined;

  constructor(slots: WarmSlots, source: ChunkSource) {
    this.#slots = slots;
    this.#source = source;
  }

  /** Reads what a checkpoint has more than those before. Rejects when an object is gone or no table fits it. */
  read(manifest: Manifest): Promise<void> {
    const reading = this.#reading.catch(() => undefined).then(() => this.#readMore(manifest));
    this.#reading = reading;
    return reading;
  }

  /** Reads no more; resolves when nothing is on its way into the slots. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#reading.catch(() => undefined);
  }

  /** What is left to read of these operators. */
  rest(operators: readonly ManifestOperator[]): readonly ManifestOperator[] {
    return planOf(operators, this.#read).rest;
  }

  /** What whoever is opened with these operators need not read; to be asked before {@link settle}. */
  handOver(operators: readonly ManifestOperator[]): HandOver {
    this.#handedOver = handOverOf(operators, this.#read);
    return this.#handedOver;
  }

  /** What {@link handOver} said last; undefined before anything was restored. */
  get handedOver(): HandOver | undefined {
    return this.#handedOver;
  }

  /** Lets the slots forget what is not in the state that they are about to be opened with. */
  settle(operators: readonly ManifestOperator[]): void {
    const { forsaken } = planOf(operators, this.#read);
    if (forsaken.size > 0) this.#slots.forsake([...forsaken.keys()]);
    for (const id of forsaken.keys()) this.#read.delete(id);
  }

  async #readMore({ operators, version }: Manifest): Promise<void> {
    // Chunks of version 1 have no names by which they could be told apart.
    if (version < 2 || this.#stopped) return;
    this.settle(operators);
    const chunks = this.rest(operators).flatMap((operator) => this.#worthwhile(operators, operator));
    for (const batch of batches(chunks)) {
      const parts = await readParts(this.#source, operatorsOf(batch));
      if (this.#stopped) return;
      for (const owned of batch) this.#note(owned);
      await this.#slots.preload(parts);
    }
  }

  #worthwhile(operators: readonly ManifestOperator[], rest: ManifestOperator): readonly OwnedChunk[] {
    const whole = operators.find(({ id }) => id === rest.id) ?? rest;
    const isWorth = worthPreloading(whole, this.#read.get(rest.id));
    return rest.chunks.filter(isWorth).map((chunk) => ({ operator: rest, chunk }));
  }

  #note({ operator, chunk }: OwnedChunk): void {
    let chains = this.#read.get(operator.id);
    if (chains === undefined) {
      chains = new Map();
      this.#read.set(operator.id, chains);
    }
    const chain = chains.get(chainOf(chunk)) ?? [];
    chain.push(contentOf(chunk));
    chains.set(chainOf(chunk), chain);
  }
}

function* batches(chunks: readonly OwnedChunk[]): Generator<readonly OwnedChunk[]> {
  let batch: OwnedChunk[] = [];
  let bytes = 0;
  for (const owned of chunks) {
    batch.push(owned);
    bytes += owned.chunk.rawBytes ?? owned.chunk.bytes;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Operators with the chunks of a batch alone, in their order. */
function operatorsOf(batch: readonly OwnedChunk[]): readonly ManifestOperator[] {
  const byOperator = Map.groupBy(batch, ({ operator }) => operator);
  return [...byOperator].map(([operator, owned]) => ({
    ...operator,
    chunks: owned.map(({ chunk }) => chunk),
  }));
}
