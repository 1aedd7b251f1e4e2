import { application } from '#engine/stream/application.ts';
import type { KeyedStream, Stream } from '#engine/stream/stream.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import { reduceOp } from './reduce-op.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';

/** A rolling reduction of the suite. */
export interface ReduceCase {
  readonly op?: string;
}

export function reduceSubject({ operator }: Case<ReduceCase>): Subject {
  const reduce = reduceOp(operator.op);
  const graph = graphOf<Keyed>(
    ({ key }) => key,
    (records) =>
      records.reduce('op', (left, right) => ({ key: right.key, value: reduce(left.value, right.value) })),
  );
  return { graph, sources: ['in'], read: readKeyed };
}

/** A rolling aggregate of the suite, by the field `v`. */
export interface AggregateCase {
  readonly function: 'sum' | 'min' | 'max' | 'minBy' | 'maxBy';
  readonly first?: boolean;
}

/** The fields of a record of the suite, and its key beside them. */
interface Flat {
  readonly ofKey: string;
  readonly v: number;
}

export function aggregateSubject({ operator }: Case<AggregateCase>): Subject {
  const { function: kind, first = true } = operator;
  const options = { tie: first ? 'first' : 'last' } as const;
  const graph = graphOf<Flat>(
    ({ ofKey }) => ofKey,
    (records) =>
      kind === 'minBy' || kind === 'maxBy' ? records[kind]('op', 'v', options) : records[kind]('op', 'v'),
  );
  return {
    graph,
    sources: ['in'],
    record: ({ key, value }) => ({ ofKey: key, ...(value as object) }),
    read: (captured) => {
      const { ofKey, ...record } = captured as Flat; // as `record` makes it
      return { key: ofKey, record };
    },
  };
}

function graphOf<T>(
  key: (record: T) => string,
  reduced: (records: KeyedStream<T, string>) => Stream<T>,
): Subject['graph'] {
  const program = application('case', {
    build({ source }) {
      reduced(source('in', pushedSource(anything<T>())).keyBy(key)).to(stubSink('out'), 'out');
    },
  });
  return program.build({});
}
