import { codecFor } from '../data/codec.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Schema } from '../data/schema.ts';
import type { ValueCodec } from '../data/value-codec.ts';
import { migratingReader } from '../state/migration.ts';
import type { Distribution } from '../state/redistribution.ts';
import { layoutType, type StateLayout } from '../state/state-layout.ts';
import { type EntryReader, StateTable } from '../state/state-table.ts';
import { AsyncCall, type AsyncElement, AsyncWatermark } from './async-call.ts';

/** Name of the state: records without an answer. */
export const CALLS = 'calls';

const CALL = 0;
const WATERMARK = 1;

/** Whose table it is: of a watermark this matters. */
export interface TableOwner {
  readonly subtask: number;
  readonly parallelism: number;
}

/**
 * Records that have not left yet and watermarks behind them, in order: after a restore they are called again.
 *
 * Contract: a watermark is true for the records of its own subtask alone. At another parallelism, where those of
 * several come together, it is left out; sources send new ones.
 */
export class AsyncCallsTable extends StateTable<AsyncElement> {
  readonly name = CALLS;
  override readonly distribution: Distribution = 'split';
  readonly layout: StateLayout;
  readonly #codec: ValueCodec;
  readonly #owner: TableOwner;
  readonly #elements = new Set<AsyncElement>();
  #restored: AsyncElement[] = [];

  constructor(schema: Schema | undefined, owner: TableOwner) {
    super();
    this.#codec = codecFor(schema);
    this.#owner = owner;
    this.layout = { kind: 'calls', value: layoutType(schema) };
  }

  get entryCount(): number {
    return this.#elements.size;
  }

  add(element: AsyncElement): void {
    element.version = this.version + 1;
    this.#elements.add(element);
  }

  remove(element: AsyncElement): void {
    this.removed(element);
    this.#elements.delete(element);
  }

  /** What was read from a snapshot, once; it is not in the table before it is added. */
  takeRestored(): readonly AsyncElement[] {
    const restored = this.#restored;
    this.#restored = [];
    return restored;
  }

  protected allEntries(): Iterator<AsyncElement> {
    return this.#elements.values();
  }

  write(out: FrameWriter, element: AsyncElement): void {
    if (element.kind === 'watermark') {
      out.u8(WATERMARK);
      out.f64(element.time);
      out.u32(this.#owner.subtask);
      out.u32(this.#owner.parallelism);
    } else {
      out.u8(CALL);
      out.f64(element.time);
      this.#codec.write(out, element.value);
    }
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null);
    const { subtask, parallelism } = this.#owner;
    return {
      put: (from, _key, keep) => {
        const kind = from.u8();
        const time = from.f64();
        if (kind === WATERMARK) {
          const [writer, writers] = [from.u32(), from.u32()];
          this.#keep(keep && writer === subtask && writers === parallelism, new AsyncWatermark(time));
        } else {
          this.#keep(keep, new AsyncCall(readValue(from), time));
        }
      },
    };
  }

  #keep(keep: boolean, element: AsyncElement): void {
    if (keep) {
      this.#restored.push(element);
    }
  }
}
