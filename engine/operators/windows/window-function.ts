import type { Key } from '../../data/key-groups.ts';
import { MIN_WATERMARK } from '../../data/record-batch.ts';
import type { KeyScope } from '../../state/key-scope.ts';
import type { SnapshotTable } from '../../state/state-table.ts';
import type { ChainNode } from '../chain.ts';
import { refuseResult } from '../function-scope.ts';
import type { OperatorHost } from '../operator-host.ts';
import { cellOf } from '../state-cell.ts';
import { openWindowCells, type WindowAtWork } from './window-cells.ts';
import { type GeneralWindowDefinition, windowsMerge } from './window-definition.ts';
import { boundsOf, type WindowBounds, type WindowEntry } from './window-entry.ts';
import { WINDOWS } from './window-table.ts';

/** What functions of windows see; one object for all calls, whose fields change with every firing. */
export interface WindowContext {
  key: Key | undefined;
  window: WindowBounds;
  watermark: number;
  now(): number;
  random(): number;
  /** Per key. */
  readonly state: Readonly<Record<string, SnapshotTable>>;
  /** Per key and window. */
  readonly windowState: Readonly<Record<string, object>>;
  emit(value: unknown): void;
  side(name: string, value: unknown): void;
}

type OnWindow = (...given: readonly unknown[]) => unknown;

/** The user's function of a window, with what it may use. What it emits has the last moment of the window as time. */
export class WindowFunction {
  readonly context: WindowContext;
  /** The cells per key. */
  readonly tables: readonly SnapshotTable[];
  readonly #definition: GeneralWindowDefinition;
  readonly #keys: KeyScope;
  readonly #at = {} as WindowAtWork; // set before every call
  #outputTime = MIN_WATERMARK;

  constructor(
    node: ChainNode,
    definition: GeneralWindowDefinition,
    host: OperatorHost,
    takeSlot: () => number,
  ) {
    this.#definition = definition;
    this.#keys = { key: '', clock: host.clock, backend: host.backend };
    const cells = node.state
      .filter(({ name }) => name !== WINDOWS)
      .map((declaration) => [declaration.name, cellOf(declaration, this.#keys)] as const);
    this.tables = cells.map(([, table]) => table);
    const windowCells = openWindowCells(definition.windowState, this.#at, takeSlot);
    this.context = {
      key: undefined,
      window: 'global',
      watermark: MIN_WATERMARK,
      now: () => host.clock.now(),
      random: () => host.random(),
      state: Object.fromEntries(cells),
      get windowState() {
        return windowsMerge(definition.assigner) ? refuseWindowState() : windowCells;
      },
      ...this.#outputs(host),
    };
  }

  /** Calls a function with what a window has for it. */
  call(window: WindowEntry, onWindow: OnWindow, ...given: readonly unknown[]): void {
    this.#enter(window);
    refuseResult(onWindow(...given, this.context), 'onWindow');
  }

  /** Emits what a window has without asking a function. */
  emit(window: WindowEntry, value: unknown): void {
    this.#outputTime = window.maxTime;
    this.context.emit(value);
  }

  clear(window: WindowEntry): void {
    if (this.#definition.onClear !== undefined) {
      this.#enter(window);
      refuseResult((this.#definition.onClear as OnWindow)(this.context), 'onClear'); // takes this context
    }
  }

  #enter(window: WindowEntry): void {
    const { context } = this;
    context.key = this.#definition.keyed ? window.key : undefined;
    context.window = boundsOf(window);
    this.#keys.key = window.key;
    this.#at.window = window;
    this.#outputTime = window.maxTime;
  }

  #outputs(host: OperatorHost): Pick<WindowContext, 'emit' | 'side'> {
    const main = host.emitter('main');
    const sides = new Map(this.#definition.outputs.map((name) => [name, host.emitter(name)]));
    return {
      emit: (value) => main(value, this.#outputTime),
      side: (name, value) => {
        const emit = sides.get(name);
        if (emit === undefined) {
          throw new Error(
            `Cannot emit to side output "${name}": declare it in "outputs", which has ${[...sides.keys()].join(', ') || 'none'}`,
          );
        }
        emit(value, this.#outputTime);
      },
    };
  }
}

function refuseWindowState(): never {
  throw new Error(
    'windows that merge have no state of their own, since nobody could tell how to merge it; keep it in "state", which is per key',
  );
}
