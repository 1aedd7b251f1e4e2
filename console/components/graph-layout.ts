/** Places the cards of a task graph: from left to right, or from top to bottom where the page is narrow. */
import { graphlib, layout } from '@dagrejs/dagre';
import type { TaskCard, TaskGraph } from './task-graph.ts';

export type Direction = 'right' | 'down';

export const CARD_WIDTH = 232;

// The stylesheet gives these heights to the parts of a card; the layout must know them beforehand.
const HEADER_HEIGHT = 30;
const ROW_HEIGHT = 40;
const FOOTER_HEIGHT = 46;

export interface PlacedCard {
  readonly card: TaskCard;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export function placeCards(graph: TaskGraph, direction: Direction): PlacedCard[] {
  const plan = new graphlib.Graph()
    .setGraph({
      rankdir: direction === 'right' ? 'LR' : 'TB',
      nodesep: 28,
      ranksep: direction === 'right' ? 96 : 64,
    })
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
