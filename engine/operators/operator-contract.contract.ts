import { application } from '../stream/application.ts';
import { t } from '../data/built-in-types.ts';
import type { Stream } from '../stream/stream.ts';
import { withCapturedSides } from '../testing/captured-outputs.ts';
import { stubSink, pushedSource } from '../testing/stub-connectors.ts';
import type { OperatorUnderTest } from './job-run.contract.ts';
import type { ScriptRecord } from './operator-script.contract.ts';

/** A row of the table: one kind of operator, as an author writes it. */
export interface OperatorContract {
  readonly name: string;
  /** Adds the operator; all that leaves it and its side outputs is compared. */
  build(this: void, first: Stream<ScriptRecord>, second: Stream<ScriptRecord>): Pick<Stream<never>, 'to'>;
  /** The part of an output that keeps its order; by default its field `key`. */
  keyOf?(this: void, value: unknown): unknown;
  /** True where records go to subtasks in turn and take their time there, so that keys keep no order across them. */
  readonly anyOrderAcrossSubtasks?: boolean;
  readonly inputs?: 1 | 2;
  /** False where too little comes out to fill a channel. */
  readonly blocks?: boolean;
  /** True where calls to the outside world have to be waited for. */
  readonly waits?: boolean;
}

export const Row = t.row({ key: t.string, n: t.int, id: t.int });

export function underTest({ build, inputs = 1, waits = false }: OperatorContract): OperatorUnderTest {
  const sources = inputs === 1 ? ['in'] : ['in', 'second'];
  const program = application('contract', {
    build({ source }) {
      const [first, second = first] = sources.map((name) => source(name, pushedSource(Row)));
      build(first!, second!).to(stubSink('out'), 'out'); // there is one source at least
    },
  });
  return { graph: withCapturedSides(program.build({})), sources, waits };
}
