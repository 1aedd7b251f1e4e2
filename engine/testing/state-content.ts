import { type Key, keyGroupRange } from '../data/key-groups.ts';
import { checkedKey } from '../data/keys.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import type { Clock } from '../host.ts';
import { cellOf } from '../operators/state-cell.ts';
import type { KeyScope } from '../state/key-scope.ts';
import type { ListState } from '../state/list-state.ts';
import type { MapState } from '../state/map-state.ts';
import { restoreState } from '../state/operator-state.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import type { ValueState } from '../state/value-state.ts';

/** What a cell holds: the value, the elements of a list as an array, the entries of a map as a `Map`. */
export type StateContent = unknown;

/** Where to look. */
export interface StatePlace {
  readonly operator: string;
  readonly cell: string;
  readonly key: Key;
}

/** A snapshot, and the time by which state of it has expired or not. */
export interface InspectedSnapshot {
  readonly parts: readonly SnapshotPart[];
  readonly clock: Clock;
}

const MAX_PARALLELISM = 128;

/** Restores the one table into a subtask of its own and looks up the key, so that a test sees what a restart would. */
export function stateContent(
  graph: DataflowGraph,
  { parts, clock }: InspectedSnapshot,
  { operator, cell, key }: StatePlace,
): StateContent {
  const node = graph.nodes.find(({ name }) => name === operator);
  const declaration = node?.state.find(({ name }) => name === cell);
  if (node === undefined || declaration === undefined) {
    throw new Error(`Cannot read state "${cell}" of operator "${operator}": ${knownCells(graph, operator)}`);
  }
  const scope: KeyScope = { key: checkedKey(key), clock };
  const table = cellOf(declaration, scope);
  const owner = {
    operatorId: node.id,
    operatorName: operator,
    subtask: 0,
    parallelism: 1,
    maxParallelism: MAX_PARALLELISM,
    keyGroups: keyGroupRange(0, MAX_PARALLELISM, 1),
  };
  restoreState({ parts: (operatorId) => parts.filter((part) => part.operatorId === operatorId) }, owner, [
    table,
  ]);
  return contentOf(table);
}

/** Tables are the cells that handlers see; which kind one is shows in its methods. */
function contentOf(table: object): StateContent {
  if ('push' in table) {
    const elements = [...(table as ListState<unknown>)];
    return elements.length === 0 ? undefined : elements;
  }
  if ('entries' in table) {
    const entries = new Map((table as MapState<unknown, unknown>).entries());
    return entries.size === 0 ? undefined : entries;
  }
  return (table as ValueState<unknown>).get();
}

function knownCells(graph: DataflowGraph, operator: string): string {
  const node = graph.nodes.find(({ name }) => name === operator);
  if (node === undefined) {
    return `there is no operator of that name, only ${graph.nodes.map(({ name }) => `"${name}"`).join(', ')}`;
  }
  return `its cells are ${node.state.map(({ name }) => `"${name}"`).join(', ') || 'none'}`;
}
