import { boundsOf, type WindowEntry } from './window-entry.ts';
import type { EvictorDefinition, WindowElement } from './window-definition.ts';

/** The elements that stay in a window, in their order. */
export type Evictor = <E extends WindowElement>(elements: readonly E[], window: WindowEntry) => readonly E[];

/** Source: Flink's `CountEvictor`, `TimeEvictor` and `DeltaEvictor`. */
export function evictorOf(definition: EvictorDefinition): Evictor {
  switch (definition.kind) {
    case 'count':
      return (elements) => elements.slice(Math.max(0, elements.length - definition.count));
    case 'time':
      return (elements) => youngerThan(elements, definition.sizeMs);
    case 'delta': {
      const { threshold } = definition;
      const delta = definition.delta as (element: unknown, last: unknown) => number; // takes the records of the window
      return (elements) => {
        const last = elements.at(-1);
        return elements.filter(({ value }) => !(delta(value, last?.value) >= threshold));
      };
    }
    case 'own': {
      const keep = definition.keep as (elements: unknown, window: unknown) => Iterable<WindowElement>; // as above
      return (elements, window) => {
        const kept = new Set(keep(elements, boundsOf(window)));
        return elements.filter((element) => kept.has(element));
      };
    }
  }
}

/** Records that are at most so much older than the youngest. Where the first has no time, all stay. */
function youngerThan<E extends WindowElement>(elements: readonly E[], sizeMs: number): readonly E[] {
  if (elements[0]?.time === undefined) {
    return elements;
  }
  let youngest = Number.NEGATIVE_INFINITY;
  for (const { time } of elements) {
    youngest = Math.max(youngest, time ?? Number.NEGATIVE_INFINITY);
  }
  return elements.filter(({ time }) => time !== undefined && time > youngest - sizeMs);
}
