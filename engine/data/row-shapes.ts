import { canGenerate, generateFunction, propertyLiteral } from './generated-function.ts';

/** Reads one value of a frame; given to builders so that this file knows no codec. */
export type ReadValue<F> = (from: F) => unknown;

/** Makes an object of a fixed shape from the next values of a frame. */
export type RowBuilder = <F>(from: F, read: ReadValue<F>) => Record<string, unknown>;

/** A program has few shapes; a stream of dictionaries has millions, and must not fill the memory with code. */
const GENERATED_SHAPES_MAX = 1000;
const GENERATED_FIELDS_MAX = 64;
const builders = new Map<string, RowBuilder>();

/** The builder of objects with these keys in this order: one literal, so that all of them have one hidden class. */
export function rowBuilder(keys: readonly string[]): RowBuilder {
  const id = JSON.stringify(keys);
  const known = builders.get(id);
  if (known !== undefined) {
    return known;
  }
  if (!canGenerate() || builders.size >= GENERATED_SHAPES_MAX || keys.length > GENERATED_FIELDS_MAX) {
    return assigningBuilder(keys);
  }
  const fields = keys.map((key) => `${propertyLiteral(key)}: read(from)`).join(', ');
  const builder = generateFunction<RowBuilder>({
    name: 'row',
    parameters: ['from', 'read'],
    body: `return { ${fields} };`,
  });
  builders.set(id, builder);
  return builder;
}

function assigningBuilder(keys: readonly string[]): RowBuilder {
  return (from, read) => {
    const row: Record<string, unknown> = {};
    for (const key of keys) {
      // Assigning `__proto__` would set the prototype.
      Object.defineProperty(row, key, {
        value: read(from),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return row;
  };
}

/** The shapes met in one frame; an object names its shape by number after the first time. */
export class WrittenShapes {
  readonly #shapes: (readonly string[])[] = [];
  readonly #ids = new Map<string, number>();

  clear(): void {
    this.#shapes.length = 0;
    this.#ids.clear();
  }

  /** The number of a shape met before; -1 enters it under the next number. */
  find(keys: readonly string[]): number {
    // Nearly always one of the few shapes of a stream: comparing interned keys is far cheaper than joining them.
    for (let id = 0; id < Math.min(this.#shapes.length, 8); id++) {
      if (sameKeys(this.#shapes[id] ?? [], keys)) {
        return id;
      }
    }
    const text = JSON.stringify(keys);
    const known = this.#ids.get(text);
    if (known === undefined) {
      this.#ids.set(text, this.#shapes.length);
      this.#shapes.push(keys);
      return -1;
    }
    return known;
  }
}

function sameKeys(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) {
    return false;
  }
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) {
      return false;
    }
  }
  return true;
}
