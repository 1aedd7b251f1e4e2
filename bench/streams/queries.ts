import { mapAndFilter } from './queries/map-and-filter.ts';
import { passThrough } from './queries/pass-through.ts';
import { processWithTimers } from './queries/process-with-timers.ts';
import { sessionCount } from './queries/session-count.ts';
import { slidingAggregate } from './queries/sliding-aggregate.ts';
import { streamJoin } from './queries/stream-join.ts';
import { tumblingCount } from './queries/tumbling-count.ts';
import { twoStepPattern } from './queries/two-step-pattern.ts';
import { windowProcess } from './queries/window-process.ts';
import type { Query } from './query.ts';

export const queries: readonly Query[] = [
  passThrough,
  mapAndFilter,
  tumblingCount,
  slidingAggregate,
  sessionCount,
  streamJoin,
  processWithTimers,
  windowProcess,
  twoStepPattern,
];

export function queryOf(name: string): Query {
  const query = queries.find((each) => each.name === name);
  if (query === undefined) throw new Error(`There is no query "${name}".`);
  return query;
}
