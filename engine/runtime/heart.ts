/** What a slot is doing, in memory that the coordinator sees while the thread of the slot does not answer. */
export interface Pulse {
  /** Grows with every piece of work. */
  readonly beat: number;
  /** Index of the vertex at work; undefined between two pieces of work. */
  readonly vertex: number | undefined;
}

/** Where a slot notes what it does. */
export interface Heart {
  /** A piece of work of a vertex begins. */
  begin(vertex: number): void;
  end(): void;
}

const WORDS = 2;

export function heartMemory(slots: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * WORDS * slots);
}

/** The slot's own end: two stores for a batch of records. */
export function heartOf(memory: SharedArrayBuffer, slot: number): Heart {
  const words = new Int32Array(memory);
  const [beats, place] = [WORDS * slot, WORDS * slot + 1];
  let beat = 0;
  return {
    begin: (vertex) => {
      beat = (beat + 1) | 0;
      Atomics.store(words, beats, beat);
      Atomics.store(words, place, vertex + 1);
    },
    end: () => {
      Atomics.store(words, place, 0);
    },
  };
}

/** The coordinator's end. */
export function pulseOf(memory: SharedArrayBuffer, slot: number): Pulse {
  const words = new Int32Array(memory);
  const place = Atomics.load(words, WORDS * slot + 1);
  return { beat: Atomics.load(words, WORDS * slot), vertex: place === 0 ? undefined : place - 1 };
}
