import type { JobVertex } from '../graph/job-graph.ts';
import type { OperatorCounters } from './job-status.ts';

/** What must be known of a chain to count what leaves it. */
export type ChainShape = Pick<JobVertex, 'nodes' | 'outputs'>;

/** Records that left a chain: those that its sinks were given, and those that went over its edges. */
export function recordsOut({ nodes, outputs }: ChainShape, operators: readonly OperatorCounters[]): number {
  let total = 0;
  for (const [index, node] of nodes.entries()) {
    const counters = operators[index];
    if (counters === undefined) continue;
    if (node.kind === 'sink') {
      total += counters.recordsIn;
      continue;
    }
    const left = new Set(outputs.filter((edge) => edge.node === node.name).map(({ output }) => output));
    if (left.size > 0) total += counters.recordsOut - keptInside(node.name, left, { nodes, operators });
  }
  return total;
}

/** Records of outputs that only operators of the same chain read: each such reader has counted them all. */
function keptInside(
  name: string,
  left: ReadonlySet<string>,
  chain: { readonly nodes: ChainShape['nodes']; readonly operators: readonly OperatorCounters[] },
): number {
  const kept = new Map<string, number>();
  for (const [index, reader] of chain.nodes.entries()) {
    // The head reads from outside alone.
    for (const { from, output } of index === 0 ? [] : reader.inputs) {
      if (from === name && !left.has(output)) kept.set(output, chain.operators[index]?.recordsIn ?? 0);
    }
  }
  return [...kept.values()].reduce((sum, records) => sum + records, 0);
}
