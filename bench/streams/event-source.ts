import { BATCH_SIZE } from '../../engine/data/record-batch.ts';
import type { Source, SplitReader } from '../../engine/connectors/connector.ts';
import { AuctionEvent, fillBatch } from './events.ts';

/** Events from memory, as fast as they are taken; `splits` times the same ones. */
export function eventSource(splits: number, count: number): Source<AuctionEvent> {
  return {
    connector: 'events',
    options: { splits, count },
    schema: AuctionEvent,
    timed: true,
    bounded: true,
    enumerator: () => ({
      discoverEveryMs: 0,
      discover: () =>
        Promise.resolve(Array.from({ length: splits }, (_, split) => ({ id: String(split), position: '' }))),
      close: () => Promise.resolve(),
    }),
    reader: () => eventReader(count),
  };
}

function eventReader(count: number): SplitReader<AuctionEvent> {
  const places: { readonly id: string; next: number }[] = [];
  let wake = (): void => {};
  let turn = 0;
  return {
    add: ({ id }) => {
      places.push({ id, next: 0 });
      wake();
    },
    poll: (batch) => {
      const unfinished = places.filter(({ next }) => next <= count);
      const place = unfinished[turn++ % Math.max(1, unfinished.length)];
      if (place === undefined) return undefined;
      fillBatch(batch, place.next);
      place.next += BATCH_SIZE;
      return { split: place.id, bytes: 0, ...(place.next > count ? { finished: true } : {}) };
    },
    onAvailable: (task) => {
      wake = task;
    },
    positions: () => places.map(({ id, next }) => ({ id, position: String(next) })),
    close: () => Promise.resolve(),
  };
}
