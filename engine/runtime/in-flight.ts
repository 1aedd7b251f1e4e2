import { BATCH_SIZE, MIN_WATERMARK, type RecordBatch } from '../data/record-batch.ts';
import { RECORDS, WATERMARK, type Element } from './element.ts';

/**
 * Records and marks that may be held for each channel. A channel and what its writer holds back is less, except for
 * small records in a ring; with more, a checkpoint waits until some are processed, and memory stays what it is.
 */
const ROOM_PER_CHANNEL = 64 * BATCH_SIZE;

/** Stands for the channel of what was restored: its writer is of another attempt. */
export const RESTORED = -1;

/** An element that was taken out of its channel and is not processed yet. */
export interface HeldElement {
  readonly channel: number;
  /** Of the chain. */
  readonly input: number;
  readonly element: Element;
  readonly number: number;
  readonly batch: RecordBatch | undefined;
}

/** Records of one input of a chain. */
export interface InFlightRecords {
  readonly input: number;
  readonly batch: RecordBatch;
}

/** What was in flight towards a subtask when its state was written. */
export interface RestoredInFlight {
  readonly records: readonly InFlightRecords[];
  /** How far event time was; {@link MIN_WATERMARK} where that is not known. */
  readonly watermark: number;
}

/**
 * What a barrier has overtaken: elements that were taken out of the channels in front of it, in the order of each
 * channel.
 *
 * Contract: whatever is in here belongs to the snapshot that is taken now, and is processed before anything else is
 * taken out of a channel to be processed.
 */
export class InFlight {
  /** What was restored of event time, which the chain knows only when it has been processed. */
  readonly restoredWatermark: number;
  readonly #room: number;
  /** Elements by channel. */
  readonly #held: number[];
  #elements: HeldElement[] = [];
  #first = 0;
  #amount = 0;

  constructor(channels: number, { records, watermark }: RestoredInFlight) {
    this.#room = channels * ROOM_PER_CHANNEL;
    this.#held = Array.from({ length: channels }, () => 0);
    this.restoredWatermark = watermark;
    const restored = { channel: RESTORED, input: 0, number: 0, batch: undefined };
    if (watermark > MIN_WATERMARK) this.#push({ ...restored, element: WATERMARK, number: watermark });
    for (const { input, batch } of records) this.#push({ ...restored, element: RECORDS, input, batch });
  }

  get empty(): boolean {
    return this.#first === this.#elements.length;
  }

  get hasRoom(): boolean {
    return this.#amount < this.#room;
  }

  /** True where nothing of this channel is kept. */
  emptyOf(channel: number): boolean {
    return (this.#held[channel] ?? 0) === 0;
  }

  /** The records, in their order. */
  *records(): Iterable<InFlightRecords> {
    for (let index = this.#first; index < this.#elements.length; index += 1) {
      const { input, batch } = this.#elements[index]!; // within its length
      if (batch !== undefined) yield { input, batch };
    }
  }

  /** Keeps an element; of a batch a copy, since the channel fills it again. */
  hold(held: HeldElement): void {
    const { batch } = held;
    if (batch === undefined) return this.#push(held);
    const { values, times, size } = batch;
    this.#push({ ...held, batch: { values: values.slice(0, size), times: times.slice(0, size), size } });
  }

  /** Takes out the next element to be processed. */
  next(): HeldElement | undefined {
    const held = this.#elements[this.#first];
    if (held === undefined) return undefined;
    this.#first += 1;
    this.#count(held, -1);
    if (this.empty) {
      this.#elements = [];
      this.#first = 0;
    }
    return held;
  }

  #push(held: HeldElement): void {
    this.#elements.push(held);
    this.#count(held, 1);
  }

  #count(held: HeldElement, sign: 1 | -1): void {
    this.#amount += sign * amountOf(held);
    const { channel } = held;
    if (channel !== RESTORED) this.#held[channel] = (this.#held[channel] ?? 0) + sign;
  }
}

function amountOf({ batch }: HeldElement): number {
  // What the poison gate takes out of a batch happens after it has left.
  return batch === undefined ? 1 : batch.size;
}
