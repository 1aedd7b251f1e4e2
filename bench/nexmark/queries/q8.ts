import { t, tumbling } from '../../../engine/index.ts';
import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { auctionsOf, personsOf } from '../views.ts';

const Row = t.row({ id: t.int, name: t.string, windowStart: t.instant });

/** Persons who opened an auction in the 10 seconds in which they arrived. */
export const q8: Query = (events, output) => {
  const rows = personsOf(events)
    .map(({ id, name }) => ({ id, name }))
    .keyBy(({ id }) => id)
    .coGroup(
      auctionsOf(events)
        .map(({ seller }) => ({ seller }))
        .keyBy(({ seller }) => seller),
      tumbling('10 seconds'),
    )
    .process('new-sellers', {
      output: Row,
      onWindow(persons, auctions, ctx) {
        const [person] = persons;
        if (person === undefined || auctions.length === 0 || ctx.window === 'global') return;
        ctx.emit({ id: person.id, name: person.name, windowStart: ctx.window.start });
      },
    });
  output(rows, {
    columns: ({ id, name, windowStart }) => ({ id, name, window_start: sqlTime(windowStart) }),
  });
};
