import { canGenerate } from '../data/generated-function.ts';
import { MIN_WATERMARK } from '../data/record-batch.ts';
import { stateOwner } from '../state/state-owner.ts';
import { openState, type OwnedTable, restoreState } from '../state/operator-state.ts';
import { BroadcastProcessOperator } from './broadcast-process-operator.ts';
import { AssignTimeOperator } from './assign-time-operator.ts';
import { AsyncOperator } from './async-operator.ts';
import { MatchOperator } from './cep/match-operator.ts';
import type { Chain, ChainContext, ChainNode, ChainVertex, TimeOutput } from './chain.ts';
import {
  type ChainCompiler,
  type ChainLink,
  type ChainLinks,
  consumersOf,
  type KeyOf,
} from './chain-links.ts';
import type { OperatorMetrics } from './chain-metrics.ts';
import { closureCompiler } from './closure-chain.ts';
import { generatedCompiler } from './generated-chain.ts';
import { CoProcessOperator } from './co-process-operator.ts';
import { IntervalJoinOperator } from './interval-join-operator.ts';
import type { OperatorHost } from './operator-host.ts';
import { ProcessOperator } from './process-operator.ts';
import { ReduceOperator } from './reduce-operator.ts';
import { RunningChain } from './running-chain.ts';
import type { StatefulOperator } from './stateful-operator.ts';
import { GeneralWindowOperator } from './windows/general-window-operator.ts';
import { makeWindowOperator } from './windows/make-window-operator.ts';

/**
 * Opens one subtask of a vertex: fuses its operators and restores their state.
 *
 * Errors: a `FrameError` or `StateMigrationError` when restored state is damaged or does not fit the program.
 */
export function openChain(vertex: ChainVertex, context: ChainContext): Chain {
  const links: ChainLinks = {
    name: vertex.name,
    nodes: vertex.nodes.map((node) => linkOf(vertex, node, context)),
    edges: context.outputs,
  };
  const compiler = canGenerate() ? generatedCompiler(links) : closureCompiler(links);
  // Operators exist before the chain that lets their watermarks pass.
  const passed = { listener: context.time };
  const tables: OwnedTable[] = [];
  // From the end: the way from an operator leads through operators that must exist.
  for (let index = links.nodes.length - 1; index >= 0; index--) {
    const link = links.nodes[index];
    if (link !== undefined) {
      openOperator(link, { index, compiler, context, vertex, passed });
      tables.unshift(...openTables(link, vertex, context));
    }
  }
  const inputs = vertex.inputs.length === 0 ? [{ key: undefined }] : vertex.inputs;
  return new RunningChain({
    links,
    // The graph joins only what fits, so key selectors take what they are given.
    loops: inputs.map((input, index) => compiler.loop(input.key as KeyOf | undefined, index)),
    undecodable: compiler.emitter(0, 'undecodable'),
    tables,
    clock: context.clock,
    passed,
    time: context.time,
    backend: context.backend,
  });
}

function linkOf(vertex: ChainVertex, node: ChainNode, context: ChainContext): ChainLink {
  return {
    node,
    metrics: newMetrics(node),
    consumers: consumersOf(vertex, node),
    ...(node.definition.kind === 'sink' ? { sink: context.sinkWriter(node) } : {}),
  };
}

function newMetrics(node: ChainNode): OperatorMetrics {
  return {
    operatorId: node.id,
    operatorName: node.name,
    recordsIn: 0,
    recordsOut: 0,
    lateRecords: 0,
    stateEntries: 0,
    stateBytes: 0,
    currentWatermark: MIN_WATERMARK,
  };
}

interface Place {
  readonly index: number;
  readonly compiler: ChainCompiler;
  readonly context: ChainContext;
  readonly vertex: ChainVertex;
  readonly passed: { readonly listener: TimeOutput };
}

function openOperator(link: ChainLink, { index, compiler, context, vertex, passed }: Place): void {
  const host: OperatorHost = {
    clock: context.clock,
    subtask: context.subtask,
    parallelism: vertex.parallelism,
    random: () => context.random(),
    time: {
      watermark: (watermark) => passed.listener.watermark(watermark),
      idle: (idle) => passed.listener.idle(idle),
    },
    wake: () => context.wake(),
    backend: context.backend,
    emitter: (output) => {
      const emit = compiler.emitter(index, output);
      return (value, time) => {
        link.metrics.recordsOut++;
        emit(value, time);
      };
    },
  };
  const operator = stateful(link, host);
  if (operator !== undefined) {
    link.operator = operator;
  }
}

function stateful({ node, metrics }: ChainLink, host: OperatorHost): StatefulOperator | undefined {
  const { definition } = node;
  switch (definition.kind) {
    case 'process':
      return new ProcessOperator(node, definition, host);
    case 'reduce':
      return new ReduceOperator(node, definition, host);
    case 'co-process':
      return new CoProcessOperator(node, definition, host);
    case 'broadcast-process':
      return new BroadcastProcessOperator(node, definition, host);
    case 'interval-join':
      return new IntervalJoinOperator(node, definition, host, metrics);
    case 'async':
      return new AsyncOperator(node, definition, host);
    case 'assign-time':
      return new AssignTimeOperator(definition, host);
    case 'match':
      return new MatchOperator(node, definition, host, metrics);
    case 'window':
      return makeWindowOperator(definition, host, metrics);
    case 'window-function':
      return new GeneralWindowOperator(node, definition, host, metrics);
    default:
      return undefined;
  }
}

function openTables(
  { node, operator }: ChainLink,
  vertex: ChainVertex,
  context: ChainContext,
): readonly OwnedTable[] {
  if (operator === undefined) {
    return [];
  }
  const owner = stateOwner(node, vertex, context.subtask);
  const tables = openState(owner, operator.tables, context.backend);
  if (context.restored !== undefined) {
    restoreState(context.restored, owner, operator.tables);
    operator.restored();
  }
  return tables;
}
