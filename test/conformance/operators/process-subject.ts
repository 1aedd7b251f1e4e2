import { application } from '#engine/stream/application.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import { type CaseState, cellsOf } from './script-cells.ts';
import { contextOf, sidesOf } from './script-context.ts';
import { runScript, type Script } from './script.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';

/** A process operator of the suite. */
export interface ProcessCase {
  readonly keyed?: boolean;
  readonly state?: readonly CaseState[];
  readonly onRecord: Script;
  readonly onTimer?: Script;
}

export function processSubject({ operator }: Case<ProcessCase>): Subject {
  const { onRecord, onTimer = [] } = operator;
  const outputs = sidesOf([onRecord, onTimer]);
  const program = application('case', {
    build({ source }) {
      const records = source('in', pushedSource(anything<Keyed>()));
      const results =
        operator.keyed === false
          ? records.process('op', {
              output: anything<Keyed>(),
              outputs,
              onRecord(record, ctx) {
                runScript(onRecord, contextOf(ctx, { value: record.value, domain: null }));
              },
            })
          : records
              .keyBy((record) => record.key)
              .process('op', {
                output: anything<Keyed>(),
                outputs,
                state: cellsOf(operator.state),
                timers: ['event'],
                processingTimers: ['processing'],
                onRecord(record, ctx) {
                  runScript(onRecord, contextOf(ctx, { value: record.value, domain: null }));
                },
                onTimer(domain, ctx) {
                  runScript(onTimer, contextOf(ctx, { value: null, domain }));
                },
              });
      results.to(stubSink('out'), 'out');
    },
  });
  return { graph: program.build({}), sources: ['in'], read: readKeyed };
}
