import type { Clock } from '../host.ts';
import type { StateDeclaration } from './declaration.ts';
import { type MapState, MapTable } from './map-state.ts';
import { layoutType, type StateLayout } from './state-layout.ts';

/** A map that every subtask holds a copy of, as handlers of keyed records see it. */
export type BroadcastReader<K, V> = Pick<MapState<K, V>, 'get' | 'has' | 'entries' | 'size'>;

/**
 * The table behind a broadcast map.
 *
 * Contract: every subtask is given the same records and changes its copy in the same way, so any copy is as good as
 * another. Each subtask writes its own into a snapshot; a restored one reads that of one writer.
 * Source: Flink's `HeapBroadcastState`.
 */
export class BroadcastTable extends MapTable {
  override readonly distribution = 'broadcast';
  override readonly layout: StateLayout;

  constructor(declaration: StateDeclaration, clock: Clock) {
    // One map for the whole subtask: its key is nobody's.
    super(declaration, { key: '', clock });
    const { keySchema, schema } = declaration;
    this.layout = { kind: 'broadcast', mapKey: layoutType(keySchema), value: layoutType(schema) };
  }
}

/** A broadcast map that refuses changes, also of programs whose types were not checked. */
export class ReadOnlyMap implements BroadcastReader<unknown, unknown> {
  readonly #map: MapState<unknown, unknown>;
  readonly #name: string;

  constructor(map: MapState<unknown, unknown>, name: string) {
    this.#map = map;
    this.#name = name;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: unknown): unknown {
    return this.#map.get(key);
  }

  has(key: unknown): boolean {
    return this.#map.has(key);
  }

  entries(): Iterable<[unknown, unknown]> {
    return this.#map.entries();
  }

  set(): never {
    return this.#refuse('set an entry of');
  }

  delete(): never {
    return this.#refuse('delete an entry of');
  }

  clear(): never {
    return this.#refuse('clear');
  }

  #refuse(what: string): never {
    throw new Error(
      `Cannot ${what} broadcast state "${this.#name}" here: only "onBroadcast" may, since it runs alike in every subtask and so keeps their copies the same`,
    );
  }
}
