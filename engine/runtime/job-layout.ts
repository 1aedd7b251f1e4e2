import type { JobGraph } from '../graph/job-graph.ts';

/** How a job is laid out on slots: changes when it is rescaled. */
export interface JobLayout {
  readonly graph: JobGraph;
  /** Subtasks of every vertex that does not fix its own number. */
  readonly parallelism: number;
}

/** All vertices of a graph have the same number of key groups. */
export function maxParallelismOf({ vertices }: JobGraph): number {
  return vertices[0]?.maxParallelism ?? 1;
}
