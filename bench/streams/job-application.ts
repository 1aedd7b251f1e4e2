/** A query as an application that threads import, with a sink that only counts. */
import { application, t } from '../../engine/index.ts';
import { countingSink } from '../counting-sink.ts';
import { DISORDER_MS } from './events.ts';
import { eventSource } from './event-source.ts';
import { queryOf } from './queries.ts';

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('query', {
  config: t.row({ query: t.string, splits: t.int, count: t.int }),
  build({ source, config: { query, splits, count } }) {
    const events = source('events', eventSource(splits, count), { watermark: `${DISORDER_MS} ms` });
    queryOf(query).build(events, (rows) => rows.to(countingSink(), 'rows'));
  },
});
