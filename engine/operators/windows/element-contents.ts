import { codecFor } from '../../data/codec.ts';
import type { FrameReader } from '../../data/frame-reader.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import { NO_TIME } from '../../data/record-batch.ts';
import type { DataType, Schema } from '../../data/schema.ts';
import { unpinned, unpinnedRecord } from '../../data/unpinned.ts';
import type { ValueCodec } from '../../data/value-codec.ts';
import type { EntryFields } from '../../state/entry-view.ts';
import { migratingReader } from '../../state/migration.ts';
import { layoutType, type StateLayout } from '../../state/state-layout.ts';
import type { Evictor } from './evictor.ts';
import type { WindowContents } from './window-contents.ts';
import type { EvictorDefinition, WindowElement } from './window-definition.ts';
import type { WindowEntry } from './window-entry.ts';

/** A record in a window with what evictors and joins ask about it. */
export interface StoredElement extends WindowElement {
  readonly second: boolean;
}

/** Who may remove elements, and when. */
export interface Eviction {
  readonly evict: Evictor;
  readonly when: Pick<EvictorDefinition, 'after'>;
}

/** What elements are made of and what becomes of them. */
export interface ElementOptions {
  /** Of the records of each input. */
  readonly schemas: readonly (Schema | undefined)[];
  readonly eviction?: Eviction;
  readonly finish: (window: WindowEntry, elements: readonly StoredElement[]) => void;
}

/** Holds records with their times and the input that they came by: for evictors, and for two inputs. */
export class ElementContents implements WindowContents {
  readonly form = 'elements';
  readonly layout: WindowContents['layout'];
  readonly #codecs: readonly [ValueCodec, ValueCodec];
  readonly #options: ElementOptions;

  constructor(options: ElementOptions) {
    const [first, second] = options.schemas;
    this.#codecs = [codecFor(first), codecFor(second)];
    this.layout = { value: pairType(layoutType(first), layoutType(second)), timed: true };
    this.#options = options;
  }

  add(window: WindowEntry, value: unknown, time: number, second: boolean): void {
    const element = { value: unpinnedRecord(value), time: time === NO_TIME ? undefined : time, second };
    if (window.contents === undefined) {
      window.contents = [element];
    } else {
      elementsOf(window.contents).push(element);
    }
  }

  absorb(window: WindowEntry, absorbed: WindowEntry): void {
    window.contents = [...elementsOf(window.contents), ...elementsOf(absorbed.contents)];
  }

  fire(window: WindowEntry): void {
    const { eviction, finish } = this.#options;
    const elements = elementsOf(window.contents);
    if (eviction === undefined) {
      return finish(window, elements);
    }
    // A function is called also when the evictor left nothing. Source: Flink's `EvictingWindowOperator`.
    const seen = eviction.when.after ? elements : eviction.evict(elements, window);
    finish(window, seen);
    const left = eviction.when.after ? eviction.evict(seen, window) : seen;
    window.contents = left.length === 0 ? undefined : [...left];
  }

  view({ contents }: WindowEntry): EntryFields {
    return { values: elementsOf(contents).map(({ value }) => value) };
  }

  write(out: FrameWriter, contents: unknown): void {
    const elements = elementsOf(contents);
    out.u32(elements.length);
    for (const { value, time, second } of elements) {
      out.u8(second ? 1 : 0);
      out.f64(time ?? NO_TIME);
      this.#codecs[second ? 1 : 0].write(out, value);
    }
  }

  reader(written: StateLayout): ReturnType<WindowContents['reader']> {
    const [before, now] = [typesOfPair(written.value), typesOfPair(this.layout.value)];
    const readers = [migratingReader(before[0], now[0]), migratingReader(before[1], now[1])] as const;
    const readOne = (from: FrameReader): StoredElement => {
      const second = from.u8() === 1;
      const time = from.f64();
      const value = unpinned(readers[second ? 1 : 0](from));
      return { value, time: time === NO_TIME ? undefined : time, second };
    };
    return (from) => Array.from({ length: from.u32() }, () => readOne(from));
  }
}

function elementsOf(contents: unknown): StoredElement[] {
  return contents as StoredElement[]; // only ElementContents makes them
}

/** Both types in one, as a row of arrays: an absent field is a type that describes itself. */
function pairType(first: DataType | null, second: DataType | null): DataType {
  const fields = [
    { name: 'first', type: first },
    { name: 'second', type: second },
  ];
  return {
    kind: 'row',
    fields: fields.flatMap(({ name, type }) => (type === null ? [] : [{ name, type }])),
  };
}

function typesOfPair(
  type: DataType | null | undefined,
): readonly [first: DataType | null, second: DataType | null] {
  const fields = type?.kind === 'row' ? type.fields : [];
  const of = (name: string): DataType | null => fields.find((field) => field.name === name)?.type ?? null;
  return [of('first'), of('second')];
}
