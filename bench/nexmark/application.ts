/** A query as an application that a job's threads import: from memory or from JSON lines, into a sink that counts. */
import type { Sink, Source } from '../../engine/connectors/connector.ts';
import { type Application, application, type Infer, type Stream, t } from '../../engine/index.ts';
import { countingSink } from '../counting-sink.ts';
import { type Event, timeOf } from './events.ts';
import { eventSource } from './event-source.ts';
import { eventOf, jsonEvents } from './json-events.ts';
import { markedSource } from './marked-source.ts';
import { queries, type QueryName } from './queries.ts';
import type { RowForm } from './query.ts';

/** As the table of the SQL queries declares it. */
const WATERMARK = '4 seconds';

const names = Object.keys(queries) as [QueryName, ...QueryName[]]; // there are some

const Configuration = t.row({
  query: t.enum(...names),
  seed: t.int,
  rate: t.int,
  events: t.int,
  splits: t.int,
  /** Folder of the JSON lines; '' takes the events from memory. */
  folder: t.string,
  /** Records before those that are measured. */
  warmUp: t.int,
});
export type Configuration = Infer<typeof Configuration>;

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default nexmark(() => countingSink());

/** The application with a sink that is made for the rows of its query. */
export function nexmark(sinkFor: <T>(form: RowForm<T>) => Sink<T>): Application<never> {
  return application('nexmark', {
    config: Configuration,
    build({ source, config: { query, seed, rate, events, splits, folder, warmUp } }) {
      const marked = <T>(from: Source<T>): Source<T> => (warmUp === 0 ? from : markedSource(from, warmUp));
      const stream: Stream<Event> =
        folder === ''
          ? source('events', marked(eventSource({ seed, rate, events, splits })), { watermark: WATERMARK })
          : source('lines', marked(jsonEvents(folder)))
              .map(eventOf, 'event')
              .assignTime({ time: timeOf, watermark: WATERMARK }, 'event-time');
      queries[query](stream, (rows, form) => rows.to(sinkFor(form), 'rows'));
    },
  });
}
