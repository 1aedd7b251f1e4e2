import type { DataflowGraph } from '#engine/graph/dataflow-graph.ts';
import type { CaseInput } from './case.ts';

/** What a case drives: a graph with the sources `sources` and the sink `out`, behind the operator `op`. */
export interface Subject {
  readonly graph: DataflowGraph;
  /** The sources of input 1, 2 and so on. */
  readonly sources: readonly string[];
  /** What a sink was given, as key and record; `side` is the name of a side output of `op`. */
  read(captured: unknown, side: string | undefined): { readonly key?: unknown; readonly record: unknown };
  /** The suite's name of a side output; undefined where a case does not look at it. By default its own. */
  sideName?(side: string): string | undefined;
  /** The record that enters the graph; by default `{ key, value }`. */
  record?(input: NonNullable<CaseInput['record']>): unknown;
  /** Ends an open call of an asynchronous operator. */
  complete?(input: CaseInput): void;
  /** True where answers take turns of the event loop. */
  readonly asynchronous?: boolean;
}

/** What enters a graph, and what most operators emit: a record of the suite with its key. */
export interface Keyed {
  readonly key: string;
  readonly value: unknown;
}

/** Reads what was emitted as {@link Keyed}. */
export function readKeyed(captured: unknown): { readonly key?: unknown; readonly record: unknown } {
  const { key, value } = captured as Keyed; // as the subject emits it
  return { ...(key === undefined ? {} : { key }), record: value };
}
