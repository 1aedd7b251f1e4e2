import { Background, Controls, MarkerType, ReactFlow, type Edge, type Node } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import type { GraphDescription } from '#contract/resources/application-version.ts';
import type { OperatorMetrics } from '#contract/resources/metrics.ts';
import { useDark } from '../ui/color-mode.ts';
import { NARROW, useMedia } from '../ui/use-media.ts';
import { CARD_WIDTH, placeCards, type Direction, type PlacedCard } from './graph-layout.ts';
import { TaskNode, type TaskNodeData } from './TaskNode.tsx';
import { taskGraph, type TaskLink } from './task-graph.ts';

interface DataflowGraphProps {
  readonly graph: GraphDescription;
  readonly metrics: readonly OperatorMetrics[];
  /** Used for operators that do not set their own. */
  readonly parallelism: number;
  readonly selected: string | undefined;
  readonly onSelect: (taskId: string | undefined) => void;
}

const nodeTypes = { task: TaskNode };

/** The dataflow graph with what goes through it now. */
export function DataflowGraph({ graph, metrics, parallelism, selected, onSelect }: DataflowGraphProps) {
  const dark = useDark();
  const direction = useMedia(NARROW) ? 'down' : 'right';
  // Laid out again only when the tasks change, not with every reading of their figures.
  const heads = metrics.map((task) => task.vertexId).join(' ');
  const { placed, edges } = useMemo(() => drawing(graph, heads, direction), [graph, heads, direction]);
  const byVertex = new Map(metrics.map((task) => [task.vertexId, task]));
  const nodes = placed.map((place) => {
    const task = byVertex.get(place.card.id);
    return nodeOf(place, { task, parallelism, direction }, place.card.id === selected);
  });
  return (
    <section className="graph" aria-label="Dataflow graph" style={{ height: drawnHeight(placed, direction) }}>
      <ReactFlow
        // The view is fitted when the drawing is made, so another drawing needs another view.
        key={`${direction} ${placed.length}`}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        colorMode={dark ? 'dark' : 'light'}
        fitView
        fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
        minZoom={0.2}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_, node) => onSelect(node.id)}
        onSelectionChange={({ nodes: chosen }) => {
          // Enter and space on a focused card select it, as a click does.
          const [node] = chosen;
          if (node !== undefined && node.id !== selected) onSelect(node.id);
        }}
        onPaneClick={() => onSelect(undefined)}
      >
        <Background gap={20} size={1} />
        {/* On a narrow page they would lie over the tasks, and fingers zoom by themselves. */}
        {direction === 'right' ? <Controls showInteractive={false} position="bottom-left" /> : null}
      </ReactFlow>
    </section>
  );
}

function drawing(
  graph: GraphDescription,
  heads: string,
  direction: Direction,
): { placed: PlacedCard[]; edges: Edge[] } {
  const tasks = taskGraph(graph, new Set(heads.split(' ')));
  return { placed: placeCards(tasks, direction), edges: tasks.links.map(edgeOf) };
}

/** As high as the cards need, so that the figures below stay in sight. */
function drawnHeight(placed: readonly PlacedCard[], direction: Direction): number {
  const bottom = Math.max(0, ...placed.map((place) => place.y + place.height));
  if (direction === 'right') return Math.min(460, bottom + 56);
  // On a narrow page the drawing shrinks to the page's width, and its height with it.
  const right = Math.max(CARD_WIDTH, ...placed.map((place) => place.x + CARD_WIDTH));
  return Math.min(620, bottom * Math.min(1, (innerWidth - 48) / right) + 72);
}

interface NodeFacts {
  readonly task: OperatorMetrics | undefined;
  readonly parallelism: number;
  readonly direction: Direction;
}

function nodeOf({ card, x, y, height }: PlacedCard, facts: NodeFacts, selected: boolean): Node<TaskNodeData> {
  const { task, direction } = facts;
  return {
    id: card.id,
    type: 'task',
    data: {
      card,
      direction,
      metrics: task,
      parallelism: card.operators[0]?.parallelism ?? facts.parallelism,
    },
    position: { x, y },
    width: CARD_WIDTH,
    height,
    selected,
    ariaLabel: `Task ${card.operators.map((operator) => operator.name).join(', ')}`,
  };
}

function edgeOf({ from, to, exchange, output }: TaskLink): Edge {
  return {
    id: `${from}-${to}-${output ?? ''}`,
    source: from,
    target: to,
    label: output ?? exchange,
    type: 'smoothstep',
    focusable: false,
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
  };
}
