import { application } from '#engine/stream/application.ts';
import type { IntervalBounds } from '#engine/stream/joins.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';

/** An interval join of the suite; bounds in ms. */
export interface IntervalJoinCase {
  readonly lower: number;
  readonly upper: number;
  readonly lowerExclusive?: boolean;
  readonly upperExclusive?: boolean;
  readonly lateSideOutputs?: boolean;
  readonly time?: string;
}

const SIDES: Readonly<Record<string, string>> = { lateLeft: 'late1', lateRight: 'late2' };

export function intervalJoinSubject({ operator }: Case<IntervalJoinCase>): Subject {
  const { lower, upper, lateSideOutputs = false, type: _, ...more } = operator;
  const bounds: IntervalBounds = { ...more, lower: `${lower} ms`, upper: `${upper} ms` };
  const output = anything<Keyed>();
  const program = application('case', {
    build({ source }) {
      const [left, right] = ['in', 'in2'].map((name) =>
        source(name, pushedSource(output)).keyBy(({ key }) => key),
      );
      if (left === undefined || right === undefined) return;
      left
        .intervalJoin(right, bounds)
        .process('op', {
          output,
          onPair(one, other, { key, leftTime, rightTime, emit }) {
            emit({
              key,
              value: { left: one.value, right: other.value, leftTs: leftTime, rightTs: rightTime },
            });
          },
        })
        .to(stubSink('out'), 'out');
    },
  });
  return {
    graph: program.build({}),
    sources: ['in', 'in2'],
    read: readKeyed,
    sideName: (side) => (lateSideOutputs ? SIDES[side] : undefined),
  };
}
