import { recordBatch, type RecordBatch } from '../../data/record-batch.ts';
import type { JobVertex } from '../../graph/job-graph.ts';
import { type EnteredRecord, valueOf } from './entered-record.ts';
import { sameData } from './same-data.ts';

/** A record that was set aside, and is to be put in again so many times. */
export interface Replay {
  readonly record: EnteredRecord;
  readonly times: number;
}

/** What is set aside at the input of one subtask, and what it is to take in first. */
export interface SubtaskLetters {
  readonly keepOut: readonly EnteredRecord[];
  readonly replay: readonly Replay[];
}

/** How often records were kept out and put in again, by the id of the record. */
export interface LetterCounts {
  readonly setAside: Readonly<Record<string, number>>;
  readonly replayed: Readonly<Record<string, number>>;
}

/** Which subtask a gate belongs to. */
export interface GatePlace {
  /** Records of sources get their time behind the gate. */
  readonly timed: boolean;
  /** False where another subtask counts the same record too, since it is sent to all. */
  readonly counts: (input: number) => boolean;
}

/** The place of a gate before subtask `subtask` of a vertex. */
export function gatePlace({ inputs }: JobVertex, subtask: number): GatePlace {
  return {
    timed: inputs.length > 0,
    counts: (input) => subtask === 0 || inputs[input]?.exchange !== 'broadcast',
  };
}

/**
 * The gate before a chain: records over which it failed again and again are counted here and go no further.
 *
 * Contract: both counts are part of the checkpoint that the subtask's state is part of, so a record is either in the
 * state, or set aside, and never both or neither.
 */
export class Gate {
  readonly #values: readonly { readonly record: EnteredRecord; readonly value: unknown }[];
  readonly #place: GatePlace;
  readonly #setAside = new Map<string, number>();
  readonly #replayed = new Map<string, number>();
  #replays: Replay[];
  readonly #batch = recordBatch(1);

  constructor({ keepOut, replay }: SubtaskLetters, place: GatePlace) {
    this.#values = keepOut.map((record) => ({ record, value: valueOf(record) }));
    this.#replays = [...replay];
    this.#place = place;
  }

  /** Takes out of the batch what is set aside. */
  filter(input: number, batch: RecordBatch): void {
    if (this.#values.length === 0) return;
    let kept = 0;
    for (let index = 0; index < batch.size; index += 1) {
      const found = this.#find(input, batch.values[index], batch.times[index] ?? 0);
      if (found === undefined) {
        batch.values[kept] = batch.values[index];
        batch.times[kept] = batch.times[index] ?? 0;
        kept += 1;
      } else {
        this.#count(this.#setAside, found);
      }
    }
    batch.size = kept;
  }

  /** Records wait to be put in again. */
  get waiting(): boolean {
    return this.#replays.length > 0;
  }

  /** Gives the next record that is to be put in again; it counts as put in. */
  next(put: (input: number, batch: RecordBatch) => void): void {
    const [replay, ...others] = this.#replays;
    if (replay === undefined) return;
    const { record, times } = replay;
    this.#replays = times > 1 ? [{ record, times: times - 1 }, ...others] : others;
    this.#count(this.#replayed, record);
    this.#batch.values[0] = valueOf(record);
    this.#batch.times[0] = record.time;
    this.#batch.size = 1;
    put(record.input, this.#batch);
  }

  /** Since the attempt began. */
  get counts(): LetterCounts {
    return { setAside: Object.fromEntries(this.#setAside), replayed: Object.fromEntries(this.#replayed) };
  }

  #count(counts: Map<string, number>, { id, input }: EnteredRecord): void {
    if (this.#place.counts(input)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }

  #find(input: number, value: unknown, time: number): EnteredRecord | undefined {
    return this.#values.find(
      (kept) =>
        kept.record.input === input &&
        (!this.#place.timed || kept.record.time === time) &&
        sameData(kept.value, value),
    )?.record;
  }
}
