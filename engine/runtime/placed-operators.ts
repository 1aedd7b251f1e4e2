import type { ChainNode } from '../operators/chain.ts';
import { PlacedOperator } from '../operators/placed-operator.ts';
import type { StateBackend } from '../state/entry-index.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import type { SlotContext } from './slot-context.ts';

/** The operators of one slot that have read state before their subtasks exist. */
export class PlacedOperators {
  readonly #slot: SlotContext;
  readonly #backend: StateBackend | undefined;
  readonly #byId = new Map<string, PlacedOperator>();

  constructor(slot: SlotContext, backend: StateBackend | undefined) {
    this.#slot = slot;
    this.#backend = backend;
  }

  /** Reads keyed state; parts of one table come in the order in which they were written. */
  preload(parts: readonly SnapshotPart[]): void {
    const byOperator = Map.groupBy(parts, ({ operatorId }) => operatorId);
    for (const [id, own] of byOperator) this.#operator(id)?.restore.read(own);
  }

  /** Forgets what these operators have read: it is not the front of what is to be restored. */
  forsake(operators: readonly string[]): void {
    for (const id of operators) {
      this.#byId.get(id)?.discard(this.#backend);
      this.#byId.delete(id);
    }
  }

  /** Hands an operator over to its subtask; undefined where it has read nothing. */
  take({ id }: ChainNode): PlacedOperator | undefined {
    const placed = this.#byId.get(id);
    this.#byId.delete(id);
    return placed;
  }

  #operator(id: string): PlacedOperator | undefined {
    const present = this.#byId.get(id);
    if (present !== undefined) return present;
    const { graph, index, host } = this.#slot;
    const vertex = graph.vertices.find(({ nodes }) => nodes.some((node) => node.id === id));
    const node = vertex?.nodes.find((candidate) => candidate.id === id);
    if (vertex === undefined || node === undefined || index >= vertex.parallelism) return undefined;
    const place = {
      subtask: index,
      clock: host.clock,
      random: () => host.random(),
      backend: this.#backend,
    };
    const placed = new PlacedOperator(node, vertex, place);
    this.#byId.set(id, placed);
    return placed;
  }
}
