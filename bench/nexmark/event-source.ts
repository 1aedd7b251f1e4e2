import { BATCH_SIZE, NO_TIME } from '../../engine/data/record-batch.ts';
import type { Source, SplitReader } from '../../engine/connectors/connector.ts';
import { Event, EventGenerator, type EventOptions, timeOf } from './events.ts';

/** Blocks of so many events are dealt to the splits in turn, as Flink's source of the same events does. */
const BLOCK = 1000;

/** The first `events` events, each made when it is read. */
export interface EventSourceOptions extends EventOptions {
  readonly events: number;
  readonly splits: number;
}

/** The stream from memory, as fast as it is taken. */
export function eventSource(options: EventSourceOptions): Source<Event> {
  return {
    connector: 'nexmark',
    options: { ...options },
    schema: Event,
    hasOwnTexts: true,
    time: timeOf,
    bounded: true,
    splitTime: () => ({ bounded: true }),
    enumerator: () => ({
      discoverEveryMs: 0,
      discover: (known) => {
        const ids = Array.from({ length: options.splits }, (_, split) => String(split));
        return Promise.resolve(ids.filter((id) => !known.has(id)).map((id) => ({ id, position: '' })));
      },
      close: () => Promise.resolve(),
    }),
    reader: () => eventReader(options),
  };
}

function eventReader({ events, splits, seed, rate }: EventSourceOptions): SplitReader<Event> {
  const generator = new EventGenerator({ seed, rate });
  const places: { readonly id: string; next: number; finished: boolean }[] = [];
  let wake = (): void => {};
  let turn = 0;
  return {
    add: ({ id, position, finished = false }) => {
      places.push({ id, next: position === '' ? Number(id) * BLOCK : Number(position), finished });
      wake();
    },
    poll: (batch) => {
      const unfinished = places.filter(({ finished }) => !finished);
      const place = unfinished[turn++ % Math.max(1, unfinished.length)];
      if (place === undefined) return undefined;
      const blockEnd = splits === 1 ? events : (Math.floor(place.next / BLOCK) + 1) * BLOCK;
      const end = Math.min(events, blockEnd, place.next + BATCH_SIZE);
      const { values, times } = batch;
      batch.size = 0;
      for (let number = place.next; number < end; number++) {
        times[batch.size] = NO_TIME;
        values[batch.size++] = generator.event(number);
      }
      place.next = end === blockEnd ? end + (splits - 1) * BLOCK : Math.max(place.next, end);
      place.finished = place.next >= events;
      return { split: place.id, bytes: 0, ...(place.finished ? { finished: true } : {}) };
    },
    onAvailable: (task) => {
      wake = task;
    },
    positions: () =>
      places.map(({ id, next, finished }) => ({
        id,
        position: String(next),
        ...(finished ? { finished } : {}),
      })),
    close: () => Promise.resolve(),
  };
}
