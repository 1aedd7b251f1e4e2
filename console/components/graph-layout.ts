/** Places the cards of a task graph from left to right. */
import { graphlib, layout } from '@dagrejs/dagre';
import type { TaskCard, TaskGraph } from './task-graph.ts';

export const CARD_WIDTH = 232;
const HEADER_HEIGHT = 34;
const ROW_HEIGHT = 40;
const FOOTER_HEIGHT = 50;

export interface PlacedCard {
  readonly card: TaskCard;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export function placeCards(graph: TaskGraph): PlacedCard[] {
  const plan = new graphlib.Graph()
    .setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 96 })
    .setDefaultEdgeLabel(() => ({}));
  for (const card of graph.tasks) plan.setNode(card.id, { width: CARD_WIDTH, height: cardHeight(card) });
  for (const link of graph.links) plan.setEdge(link.from, link.to);
  layout(plan);
  return graph.tasks.map((card) => {
    // Dagre answers centers; the drawing wants upper left corners.
    const { x, y } = plan.node(card.id);
    const height = cardHeight(card);
    return { card, height, x: x - CARD_WIDTH / 2, y: y - height / 2 };
  });
}

function cardHeight(card: TaskCard): number {
  return HEADER_HEIGHT + ROW_HEIGHT * card.operators.length + FOOTER_HEIGHT;
}
