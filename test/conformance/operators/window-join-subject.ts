import { application } from '#engine/stream/application.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';
import { timingOf, type WindowChoices, windowOf } from './window-choices.ts';

/** A join or co-group of the suite. */
export interface WindowJoinCase extends WindowChoices {
  readonly type: string;
}

export function windowJoinSubject({ operator }: Case<WindowJoinCase>): Subject {
  const [window, timing] = [windowOf(operator), timingOf(operator)];
  const output = anything<Keyed>();
  const program = application('case', {
    build({ source }) {
      const keyed = (name: string) => source(name, pushedSource(output)).keyBy(({ key }) => key);
      const [left, right] = [keyed('in'), keyed('in2')];
      const result =
        operator.type === 'windowJoin'
          ? left.windowJoin(right, window, timing).join('op', ({ key, value }, other) => ({
              key,
              value: { left: value, right: other.value },
            }))
          : left.coGroup(right, window, timing).process('op', {
              output,
              onWindow(lefts, rights, { key, emit }) {
                emit({ key, value: { left: valuesOf(lefts), right: valuesOf(rights) } });
              },
            });
      result.to(stubSink('out'), 'out');
    },
  });
  return { graph: program.build({}), sources: ['in', 'in2'], read: readKeyed };
}

function valuesOf(records: readonly Keyed[]): unknown[] {
  return records.map(({ value }) => value);
}
