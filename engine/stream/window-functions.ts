import type { Schema, Schemas } from '../data/schema.ts';
import type { WindowBounds } from '../operators/windows/window-entry.ts';
import type { None, OpenCells, OutputContext } from './process-spec.ts';
import type { Cells } from './state-cells.ts';

/** What a function of a window may do. What it emits has the last moment of the window as time. */
export interface WindowContext<K, Out, S, W, O> extends Omit<OutputContext<Out, O>, 'time'> {
  /** Undefined in `windowAll`. */
  readonly key: K;
  /** `end` is exclusive. */
  readonly window: WindowBounds;
  /** State of the key, which outlives its windows. */
  readonly state: OpenCells<S>;
  /** State of the key in this window; it goes with the window. Sessions have none. */
  readonly windowState: OpenCells<W>;
}

/** What functions of windows declare. Two firings of one window call the function twice. */
export interface WindowSpec<
  K,
  Out,
  S extends Cells = None,
  W extends Cells = None,
  O extends Schemas = None,
> {
  readonly output: Schema<Out>;
  /** Side outputs by name; they come back as `stream.sides`, beside `late`. */
  readonly outputs?: O;
  readonly state?: S;
  readonly windowState?: W;
  /** Called before a window goes, after the last of its late records could come. */
  onClear?(this: void, ctx: WindowContext<K, Out, S, W, O>): undefined;
}

/** A function of a window: it is given its records, in the order of arrival, or what was made of them. */
export interface WindowProcessSpec<
  Given,
  K,
  Out,
  S extends Cells = None,
  W extends Cells = None,
  O extends Schemas = None,
> extends WindowSpec<K, Out, S, W, O> {
  onWindow(this: void, given: Given, ctx: WindowContext<K, Out, S, W, O>): undefined;
}

/** State of a window lives as long as the window. */
export function refuseTtl(owner: string, cells: Cells): void {
  const timed = Object.entries(cells).find(([, { ttlMs }]) => ttlMs !== undefined);
  if (timed !== undefined) {
    throw new Error(
      `Cannot declare ${owner} state "${timed[0]}" with a time to live: it lives as long as its window; leave "ttl" out`,
    );
  }
}
