import { application } from '#engine/stream/application.ts';
import {
  boundedOutOfOrderness,
  monotonous,
  noWatermarks,
  punctuated,
  type Watermarks,
} from '#engine/stream/event-time.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import { type Case, type CaseTime, timeOf } from './case.ts';
import type { Subject } from './subject.ts';

/** An assigner of event time of the suite. */
export interface WatermarksCase {
  readonly strategy: 'boundedOutOfOrderness' | 'monotonous' | 'none' | 'punctuated';
  readonly bound?: number;
  readonly timestamps?: 'field' | 'record';
  readonly interval?: number;
  readonly idleTimeout?: number;
}

interface Value {
  readonly ts: CaseTime;
  readonly emit?: CaseTime;
  readonly markIdle?: boolean;
}

export function watermarksSubject({ operator }: Case<WatermarksCase>): Subject {
  const { timestamps = 'field', interval = 200, idleTimeout } = operator;
  const program = application('case', {
    build({ source }) {
      source('in', pushedSource(anything<Value>()))
        .assignTime(
          {
            ...(timestamps === 'field' ? { time: (value) => timeOf(value.ts) } : {}),
            watermark: strategyOf(operator),
            interval: `${interval} ms`,
            ...(idleTimeout === undefined ? {} : { idle: `${idleTimeout} ms` }),
          },
          'op',
        )
        .to(stubSink('out'), 'out');
    },
  });
  return {
    graph: program.build({}),
    sources: ['in'],
    record: ({ value }) => value,
    read: (captured) => ({ record: captured }),
  };
}

function strategyOf({ strategy, bound = 0 }: WatermarksCase): Watermarks<Value> {
  switch (strategy) {
    case 'boundedOutOfOrderness':
      return boundedOutOfOrderness(`${bound} ms`);
    case 'monotonous':
      return monotonous();
    case 'none':
      return noWatermarks();
    case 'punctuated':
      return punctuated(({ emit, markIdle }: Value) =>
        markIdle === true ? 'idle' : emit === undefined ? undefined : timeOf(emit),
      );
  }
}
