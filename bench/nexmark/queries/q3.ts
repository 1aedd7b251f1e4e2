import { list, t, value } from '../../../engine/index.ts';
import { Person } from '../events.ts';
import type { Query } from '../query.ts';
import { auctionsOf, personsOf } from '../views.ts';

const STATES = new Set(['OR', 'ID', 'CA']);
const Row = t.row({ name: t.string, city: t.string, state: t.string, id: t.int });

/** Who sells in category 10, in three states. */
export const q3: Query = (events, output) => {
  const persons = personsOf(events).filter(({ state }) => STATES.has(state));
  const auctions = auctionsOf(events).filter(({ category }) => category === 10);
  const rows = auctions
    .keyBy(({ seller }) => seller)
    .connect(persons.keyBy(({ id }) => id))
    .process('sellers', {
      output: Row,
      state: { person: value(Person), auctions: list(t.int) },
      onFirst({ id }, ctx) {
        const person = ctx.state.person.get();
        if (person === undefined) ctx.state.auctions.push(id);
        else ctx.emit({ name: person.name, city: person.city, state: person.state, id });
      },
      onSecond(person, ctx) {
        ctx.state.person.set(person);
        const { name, city, state } = person;
        for (const id of ctx.state.auctions) ctx.emit({ name, city, state, id });
        ctx.state.auctions.clear();
      },
    });
  output(rows, { columns: (row) => row });
};
