import { application } from '#engine/stream/application.ts';
import { map } from '#engine/stream/state-cells.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import type { ProcessCase } from './process-subject.ts';
import { cellsOf, stateOf } from './script-cells.ts';
import { contextOf, sidesOf } from './script-context.ts';
import { runScript, type Script, type ScriptContext } from './script.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';

/** A broadcast process operator of the suite: keyed records by input 1, broadcast ones by input 2. */
export interface BroadcastCase extends ProcessCase {
  readonly broadcastState?: readonly string[];
  readonly onBroadcast: Script;
}

export function broadcastSubject({ operator }: Case<BroadcastCase>): Subject {
  const { broadcastState = [], onRecord, onBroadcast, onTimer = [], keyed = true } = operator;
  const output = anything<Keyed>();
  const outputs = sidesOf([onRecord, onBroadcast, onTimer]);
  const maps = Object.fromEntries(broadcastState.map((name) => [name, map(anything<string>(), anything())]));
  const program = application('case', {
    build({ source }) {
      const records = source('in', pushedSource(output));
      const broadcast = source('in2', pushedSource(output)).broadcast(maps);
      const result = keyed
        ? records
            .keyBy(({ key }) => key)
            .connect(broadcast)
            .process('op', {
              output,
              outputs,
              state: cellsOf(operator.state),
              timers: ['event'],
              processingTimers: ['processing'],
              onRecord({ value }, ctx) {
                runScript(onRecord, contextOf(ctx, { value, domain: null }));
              },
              onBroadcast({ value }, ctx) {
                const context = contextOf(ctx, { value, domain: null });
                runScript(onBroadcast, {
                  ...context,
                  forEachKey: (cell, visit) =>
                    ctx.forEachKey(cell, (key, found) => {
                      visit(ofKey(context, { key, cell, found }, ctx));
                    }),
                });
              },
              onTimer(domain, ctx) {
                runScript(onTimer, contextOf(ctx, { value: null, domain }));
              },
            })
        : records.connect(broadcast).process('op', {
            output,
            outputs,
            onRecord({ value }, ctx) {
              runScript(onRecord, contextOf(ctx, { value, domain: null }));
            },
            onBroadcast({ value }, ctx) {
              runScript(onBroadcast, contextOf(ctx, { value, domain: null }));
            },
          });
      result.to(stubSink('out'), 'out');
    },
  });
  return { graph: program.build({}), sources: ['in', 'in2'], read: readKeyed };
}

interface OfKey {
  readonly key: string;
  readonly cell: string;
  readonly found: unknown;
}

interface Outputs {
  emit(this: void, record: Keyed): void;
  side(this: void, name: string, record: Keyed): void;
}

/** The context of the broadcast side while a key is visited: its cell is there, and what is emitted has the key. */
function ofKey(context: ScriptContext, { key, cell, found }: OfKey, outputs: Outputs): ScriptContext {
  return {
    ...context,
    key,
    state: (name) => stateOf(name === cell ? found : undefined),
    emit: (side, record) => {
      const keyed = { key, value: record };
      if (side === undefined) {
        outputs.emit(keyed);
      } else {
        outputs.side(side, keyed);
      }
    },
  };
}
