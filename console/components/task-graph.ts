/**
 * From the dataflow graph that a version describes to what is drawn: one card a task (a chain of operators that run
 * as one), and between the cards the exchanges.
 */
import type { GraphDescription, OperatorDescription } from '#contract/resources/application-version.ts';

export interface TaskCard {
  /** Id of the chain's first operator: also the id under which the job reports its figures. */
  readonly id: string;
  readonly operators: readonly OperatorDescription[];
}

export interface TaskLink {
  readonly from: string;
  readonly to: string;
  readonly exchange: string;
  /** Name of the output when it is not the main one. */
  readonly output: string | undefined;
}

export interface TaskGraph {
  readonly tasks: readonly TaskCard[];
  readonly links: readonly TaskLink[];
}

/**
 * `heads` are the tasks that the job reports. While none runs, the chains are told by the same rule that the engine
 * follows: a single forward input at the same parallelism continues its chain.
 */
export function taskGraph(graph: GraphDescription, heads: ReadonlySet<string>): TaskGraph {
  const byKey = new Map(
    graph.nodes.flatMap((node) => [[node.id, node] as const, [node.name, node] as const]),
  );
  const headOf = new Map<string, string>();
  const tasks = new Map<string, OperatorDescription[]>();
  for (const node of inOrder(graph, byKey)) {
    const before = chainedTo(node, byKey);
    const continues = before !== undefined && !heads.has(node.id);
    const head = continues ? (headOf.get(before.id) ?? node.id) : node.id;
    headOf.set(node.id, head);
    tasks.set(head, [...(tasks.get(head) ?? []), node]);
  }
  return {
    tasks: [...tasks].map(([id, operators]) => ({ id, operators })),
    links: linksBetween(graph, byKey, headOf),
  };
}

/** Every operator of a task, by the id of the task. */
export function findTask(
  graph: GraphDescription,
  heads: readonly string[],
  id: string,
): TaskCard | undefined {
  return taskGraph(graph, new Set(heads)).tasks.find((task) => task.id === id);
}

function linksBetween(
  graph: GraphDescription,
  byKey: ReadonlyMap<string, OperatorDescription>,
  headOf: ReadonlyMap<string, string>,
): TaskLink[] {
  const links = graph.nodes.flatMap((node) =>
    node.inputs.flatMap(({ from, output, exchange }) => {
      const source = byKey.get(from);
      const start = source && headOf.get(source.id);
      const end = headOf.get(node.id);
      if (start === undefined || end === undefined || start === end) return [];
      return [
        { from: start, to: end, exchange, output: output === '' || output === 'main' ? undefined : output },
      ];
    }),
  );
  // Two operators of one chain may read the same task; one line tells that as well as two.
  return [...new Map(links.map((link) => [`${link.from} ${link.to} ${link.output}`, link])).values()];
}

function chainedTo(
  node: OperatorDescription,
  byKey: ReadonlyMap<string, OperatorDescription>,
): OperatorDescription | undefined {
  const [input, ...others] = node.inputs;
  if (input === undefined || others.length > 0 || input.exchange !== 'forward') return undefined;
  const before = byKey.get(input.from);
  return before !== undefined && before.parallelism === node.parallelism ? before : undefined;
}

/** Inputs before the operators that read them, whatever the order of the description. */
function inOrder(
  graph: GraphDescription,
  byKey: ReadonlyMap<string, OperatorDescription>,
): OperatorDescription[] {
  const ordered = new Set<OperatorDescription>();
  const visit = (node: OperatorDescription, depth: number): void => {
    // Graphs have no cycles; the depth keeps a faulty description from hanging the page.
    if (ordered.has(node) || depth > graph.nodes.length) return;
    for (const input of node.inputs) {
      const before = byKey.get(input.from);
      if (before !== undefined) visit(before, depth + 1);
    }
    ordered.add(node);
  };
  for (const node of graph.nodes) visit(node, 0);
  return [...ordered];
}
