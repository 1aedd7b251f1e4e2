import { canGenerate } from '../data/generated-function.ts';
import type { OwnedTable } from '../state/operator-state.ts';
import type { Chain, ChainContext, ChainNode, ChainVertex, TimeOutput } from './chain.ts';
import {
  type ChainCompiler,
  type ChainLink,
  type ChainLinks,
  consumersOf,
  type KeyOf,
} from './chain-links.ts';
import { closureCompiler } from './closure-chain.ts';
import { generatedCompiler } from './generated-chain.ts';
import { PlacedOperator } from './placed-operator.ts';
import { RunningChain } from './running-chain.ts';

/**
 * Opens one subtask of a vertex: fuses its operators and restores their state.
 *
 * Errors: a `FrameError` or `StateMigrationError` when restored state is damaged or does not fit the program.
 */
export function openChain(vertex: ChainVertex, context: ChainContext): Chain {
  const seats = vertex.nodes.map((node) => {
    const placed = context.placed?.(node) ?? new PlacedOperator(node, vertex, context);
    return { placed, link: linkOf(vertex, node, { context, placed }) };
  });
  const links: ChainLinks = {
    name: vertex.name,
    nodes: seats.map(({ link }) => link),
    edges: context.outputs,
  };
  const compiler = canGenerate() ? generatedCompiler(links) : closureCompiler(links);
  // Operators are connected before there is the chain that lets their watermarks pass.
  const passed = { listener: context.time };
  const tables: OwnedTable[] = [];
  // From the end: the way from an operator leads through operators that must be in their places.
  for (const [index, { link, placed }] of [...seats.entries()].toReversed()) {
    if (placed.operator !== undefined) {
      link.operator = placed.operator;
      connect(placed, { index, compiler, context, passed });
      restore(placed, context);
      tables.unshift(...placed.tables);
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

function linkOf(
  vertex: ChainVertex,
  node: ChainNode,
  { context, placed }: { readonly context: ChainContext; readonly placed: PlacedOperator },
): ChainLink {
  return {
    node,
    metrics: placed.metrics,
    consumers: consumersOf(vertex, node),
    ...(node.definition.kind === 'sink' ? { sink: context.sinkWriter(node) } : {}),
  };
}

interface Connecting {
  readonly index: number;
  readonly compiler: ChainCompiler;
  readonly context: ChainContext;
  readonly passed: { readonly listener: TimeOutput };
}

function connect(placed: PlacedOperator, { index, compiler, context, passed }: Connecting): void {
  placed.connect({
    emitter: (output) => compiler.emitter(index, output),
    time: {
      watermark: (watermark) => passed.listener.watermark(watermark),
      idle: (idle) => passed.listener.idle(idle),
    },
    wake: () => context.wake(),
  });
}

function restore({ operator, restore: tables }: PlacedOperator, { restored }: ChainContext): void {
  if (restored !== undefined) {
    tables.finish(restored);
    operator?.restored();
  }
}
