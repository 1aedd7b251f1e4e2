import type { JobGraph } from '../../graph/job-graph.ts';
import { isInFlightState } from '../in-flight-parts.ts';
import type { LocatedManifest } from './manifest.ts';
import { Refusal } from './refusal.ts';

/** A program as it is about to run. */
export interface LaidOutProgram {
  readonly graph: JobGraph;
  readonly graphHash: string;
}

/**
 * Refuses records in flight that have no way to go: they were written as they lay between two operators, and only the
 * same program has the same ways.
 */
export function checkInFlightFits(
  { key, manifest }: LocatedManifest,
  { graph, graphHash }: LaidOutProgram,
): void {
  const heads = new Set(graph.vertices.map(({ id }) => id));
  const written = manifest.operators.filter(({ chunks }) =>
    chunks.some(({ state }) => isInFlightState(state)),
  );
  const [first] = written;
  if (first !== undefined && manifest.graphHash !== graphHash) {
    throw new Refusal(
      `Cannot restore from "${key}": it holds records in flight to operator "${first.name}", and the program is not the one that they were written for (graph ${manifest.graphHash}, now ${graphHash}); start that program again and take a savepoint`,
    );
  }
  const chained = written.find(({ id }) => !heads.has(id));
  if (chained === undefined) return;
  throw new Refusal(
    `Cannot restore from "${key}": it holds records in flight to operator "${chained.name}", which with this parallelism reads no channel; start the job with parallelism ${manifest.parallelism} and take a savepoint`,
  );
}
