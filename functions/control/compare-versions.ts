/** What differs between two versions of an application: graph, state, configuration and size, read as data. */
import { differences, pointerStep } from '#contract/differences.ts';
import type {
  ApplicationVersion,
  GraphDescription,
  OperatorDescription,
} from '#contract/resources/application-version.ts';
import type { RestoreTolerance } from '#contract/resources/checkpointing.ts';
import type {
  EdgeChange,
  OperatorChange,
  VersionComparison,
  VersionSummary,
} from '#contract/resources/version-comparison.ts';
import { configurationChanges } from './configuration-changes.ts';
import { verdict } from './verdict.ts';

export function compareVersions(
  before: ApplicationVersion,
  after: ApplicationVersion,
  tolerance: RestoreTolerance,
): VersionComparison {
  return {
    application: before.application,
    namespace: before.namespace,
    before: summaryOf(before),
    after: summaryOf(after),
    identical: before.sha256 === after.sha256,
    sizeDifferenceBytes: after.sizeBytes - before.sizeBytes,
    operators: operatorChanges(before.graph, after.graph),
    edges: edgeChanges(before.graph, after.graph),
    configuration: configurationChanges(before.configurationSchema, after.configurationSchema),
    verdict: verdict(before.graph, after.graph, tolerance),
  };
}

function summaryOf({ graph: _, configurationSchema: __, ...summary }: ApplicationVersion): VersionSummary {
  return summary;
}

/** Operators by name, since a name is their identity: first those that are gone, then in the order of the new graph. */
function operatorChanges(before: GraphDescription, after: GraphDescription): OperatorChange[] {
  const named = (graph: GraphDescription) => new Map(graph.nodes.map((node) => [node.name, node]));
  const [older, newer] = [named(before), named(after)];
  const removed = before.nodes
    .filter(({ name }) => !newer.has(name))
    .map(({ name, kind }): OperatorChange => ({ name, kind, change: 'removed', differences: [] }));
  const others = after.nodes.flatMap((operator): OperatorChange[] => {
    const { name, kind } = operator;
    const counterpart = older.get(name);
    if (counterpart === undefined) return [{ name, kind, change: 'added', differences: [] }];
    const changes = differences(facts(counterpart), facts(operator));
    return changes.length === 0 ? [] : [{ name, kind, change: 'changed', differences: changes }];
  });
  return [...removed, ...others];
}

/** What people compare of an operator; its inputs are compared as edges. */
function facts({ kind, parallelism, description, state }: OperatorDescription): unknown {
  return {
    kind,
    parallelism,
    description,
    state: Object.fromEntries(
      state.map((cell) => [cell.name, { kind: cell.kind, schema: cell.schema, ttlMs: cell.ttlMs }]),
    ),
  };
}

type Edge = Omit<EdgeChange, 'change'>;

function edgeChanges(before: GraphDescription, after: GraphDescription): EdgeChange[] {
  const [older, newer] = [edgesOf(before), edgesOf(after)];
  const edgesWithout = (edges: ReadonlyMap<string, Edge>, others: ReadonlyMap<string, Edge>): Edge[] =>
    [...edges].filter(([key]) => !others.has(key)).map(([, edge]) => edge);
  return [
    ...edgesWithout(older, newer).map((edge): EdgeChange => ({ change: 'removed', ...edge })),
    ...edgesWithout(newer, older).map((edge): EdgeChange => ({ change: 'added', ...edge })),
  ];
}

function edgesOf({ nodes }: GraphDescription): ReadonlyMap<string, Edge> {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return new Map(
    nodes.flatMap(({ name: to, inputs }) =>
      inputs.map(({ from, output, exchange }) => {
        // Inputs name operators by id; a description that names them otherwise is shown as it is.
        const edge = { from: names.get(from) ?? from, to, output, exchange };
        const key = [edge.from, to, output, exchange].map(pointerStep).join('/');
        return [key, edge] as const;
      }),
    ),
  );
}
