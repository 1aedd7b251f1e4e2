import type { DataflowGraph } from '../graph/dataflow-graph.ts';

/**
 * An application by its shape: every bundle carries its own copy of the classes, so none is ever asked for by
 * name.
 */
export interface RunnableApplication {
  readonly name: string;
  build(configuration: never): DataflowGraph;
}

/** Where a job's program is: a module that every thread imports for itself, or an object of this thread. */
export type ApplicationRef = { readonly module: string } | { readonly application: RunnableApplication };
