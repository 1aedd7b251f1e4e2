import { application } from '#engine/stream/application.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import type { ProcessCase } from './process-subject.ts';
import { cellsOf } from './script-cells.ts';
import { contextOf, type Handles, sidesOf } from './script-context.ts';
import { runScript, type Script } from './script.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';

/** A process operator of the suite with two inputs. */
export interface CoProcessCase extends Omit<ProcessCase, 'onRecord'> {
  readonly onRecord1: Script;
  readonly onRecord2: Script;
}

export function coProcessSubject({ operator }: Case<CoProcessCase>): Subject {
  const { onRecord1, onRecord2, onTimer = [], state, keyed = true } = operator;
  const output = anything<Keyed>();
  const outputs = sidesOf([onRecord1, onRecord2, onTimer]);
  const handlers = { onFirst: running(onRecord1), onSecond: running(onRecord2) };
  const program = application('case', {
    build({ source }) {
      const [first, second] = [source('in', pushedSource(output)), source('in2', pushedSource(output))];
      const key = ({ key: own }: Keyed): string => own;
      const result = keyed
        ? first
            .keyBy(key)
            .connect(second.keyBy(key))
            .process('op', {
              output,
              outputs,
              state: cellsOf(state),
              timers: ['event'],
              processingTimers: ['processing'],
              ...handlers,
              onTimer(domain, ctx) {
                runScript(onTimer, contextOf(ctx, { value: null, domain }));
              },
            })
        : first.connect(second).process('op', { output, outputs, ...handlers });
      result.to(stubSink('out'), 'out');
    },
  });
  return { graph: program.build({}), sources: ['in', 'in2'], read: readKeyed };
}

function running(script: Script) {
  return ({ value }: Keyed, ctx: Handles): undefined => {
    runScript(script, contextOf(ctx, { value, domain: null }));
  };
}
