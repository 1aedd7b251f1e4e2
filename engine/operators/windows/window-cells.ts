import type { AccumulatorFunctions, StateDeclaration } from '../../state/declaration.ts';
import type { AggregatingState, ReducingState } from '../../state/accumulating-state.ts';
import type { ListState } from '../../state/list-state.ts';
import type { MapState } from '../../state/map-state.ts';
import { refuseNothing } from '../../state/refused-value.ts';
import type { ValueState } from '../../state/value-state.ts';
import { unpinned } from '../../data/unpinned.ts';
import type { WindowEntry } from './window-entry.ts';

/** The window whose cells are read and written; whoever sets it has touched its entry. */
export interface WindowAtWork {
  window: WindowEntry;
}

/** Cells per key and window, opened on slots of the windows' entries. */
export function openWindowCells(
  declarations: readonly StateDeclaration[],
  at: WindowAtWork,
  takeSlot: () => number,
): Readonly<Record<string, object>> {
  return Object.fromEntries(
    declarations.map((declaration) => [declaration.name, openCell(declaration, slotAccess(at, takeSlot()))]),
  );
}

/** One slot of whatever window is at work. */
interface Slot {
  get(): unknown;
  set(value: unknown): void;
}

function slotAccess(at: WindowAtWork, slot: number): Slot {
  return {
    get: () => at.window.slots[slot],
    set: (value) => {
      at.window.slots[slot] = value;
    },
  };
}

function openCell(declaration: StateDeclaration, slot: Slot): object {
  switch (declaration.kind) {
    case 'list':
      return new WindowList(slot);
    case 'map':
      return new WindowMap(slot);
    case 'reducing':
    case 'aggregating':
      return accumulatingCell(declaration, slot);
    default:
      return valueCell(slot);
  }
}

function valueCell(slot: Slot): ValueState<unknown> {
  return {
    get: () => slot.get(),
    set: (value) => slot.set(unpinned(value)),
    clear: () => slot.set(undefined),
  };
}

type Accumulating = ReducingState<unknown> & AggregatingState<unknown, unknown>;

function accumulatingCell({ name, kind, reduce, aggregate }: StateDeclaration, slot: Slot): Accumulating {
  // Declared together with the schema, so they take what the cell holds.
  const reduceFn = reduce as ((left: unknown, right: unknown) => unknown) | undefined;
  const functions: AccumulatorFunctions<unknown, unknown, unknown> | undefined = aggregate;
  const added = (value: unknown): unknown => {
    const held = slot.get();
    if (functions !== undefined) {
      return functions.add(held ?? functions.init(), value);
    }
    return held === undefined ? value : reduceFn?.(held, value);
  };
  return {
    get() {
      const held = slot.get();
      return held === undefined || functions === undefined ? held : functions.result(held);
    },
    add(value) {
      refuseNothing(value, `${kind} state "${name}"`);
      slot.set(unpinned(added(value)));
    },
    clear: () => slot.set(undefined),
  };
}

class WindowList implements ListState<unknown> {
  readonly #slot: Slot;

  constructor(slot: Slot) {
    this.#slot = slot;
  }

  get length(): number {
    return this.#values.length;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.#values[Symbol.iterator]();
  }

  push(value: unknown): void {
    refuseNothing(value, 'list state of a window');
    const values = this.#values;
    values.push(unpinned(value));
    this.#slot.set(values);
  }

  set(values: Iterable<unknown>): void {
    const held = Array.from(values, (value) => unpinned(value));
    this.#slot.set(held.length === 0 ? undefined : held);
  }

  clear(): void {
    this.#slot.set(undefined);
  }

  get #values(): unknown[] {
    return (this.#slot.get() as unknown[] | undefined) ?? []; // only this cell writes its slot
  }
}

class WindowMap implements MapState<unknown, unknown> {
  readonly #slot: Slot;

  constructor(slot: Slot) {
    this.#slot = slot;
  }

  get size(): number {
    return this.#map.size;
  }

  get isEmpty(): boolean {
    return this.#map.size === 0;
  }

  get(key: unknown): unknown {
    return this.#map.get(key);
  }

  has(key: unknown): boolean {
    return this.#map.has(key);
  }

  set(key: unknown, value: unknown): void {
    if (value === undefined) {
      return this.delete(key);
    }
    const map = this.#map;
    map.set(unpinned(key), unpinned(value));
    this.#slot.set(map);
  }

  delete(key: unknown): void {
    const map = this.#map;
    map.delete(key);
    this.#slot.set(map.size === 0 ? undefined : map);
  }

  entries(): Iterable<[unknown, unknown]> {
    return this.#map.entries();
  }

  clear(): void {
    this.#slot.set(undefined);
  }

  get #map(): Map<unknown, unknown> {
    return (this.#slot.get() as Map<unknown, unknown> | undefined) ?? new Map(); // as above
  }
}
