import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Key } from '../data/key-groups.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import { describeGraph, type GraphDescription } from '../graph/describe-graph.ts';
import type { Application } from '../stream/application.ts';
import { CapturedOutputs, sideSink, withCapturedSides } from './captured-outputs.ts';
import { FedRun, type FedRunOptions } from './fed-run.ts';
import { type FedRecord, fedRecords, type FeedOrder, type Feeds } from './feeds.ts';
import { namesOf } from './graph-names.ts';
import { Settling } from './settling.ts';
import { type StateContent, stateContent } from './state-content.ts';
import type { TestSnapshot } from './test-snapshot.ts';

/** How a test run goes: in which order records come, and what happens to the job meanwhile. */
export interface TestRunOptions extends FeedOrder, FedRunOptions {}

/** What came out of a test run. */
export interface TestRun {
  /** All that a sink was given; after a crash as an exactly-once sink has it. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the test knows what its program sends to a sink
  sink<T = unknown>(name: string): readonly T[];
  /** All that left an operator by a side output, whether the program reads it or not. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
  side<T = unknown>(operator: string, output: string): readonly T[];
  /** How many records came too late for an operator, or for all of them. */
  lateRecords(operator?: string): number;
  /** What a state cell held for a key after the last record; undefined where it held nothing. */
  state(operator: string, cell: string, key: Key): StateContent;
  /** The state after the last record, before the sources came to their end. */
  snapshot(): TestSnapshot;
  readonly plan: GraphDescription;
}

/**
 * Runs a whole application over fixed input: every source gets the records of its name, event times come from the
 * source's own `time`, watermarks follow as far behind as the program allows, and at the end all windows fire.
 *
 * Example: `testRun(payments, { table: 'd' }, { payments: [first, second] }).sink('dashboard')`.
 *
 * Errors: throws when an operator of the application waits for the outside world; that is for `testRunAsync`.
 */
export function testRun<C>(
  application: Application<C>,
  configuration: C,
  feeds: Feeds,
  options: TestRunOptions = {},
): TestRun {
  const parts = prepared(application.build(configuration), feeds, options);
  const { run, records } = parts;
  for (const _ of run.steps(records)) {
    // Nothing is waited for between two records.
  }
  const { waiting } = run.job;
  if (waiting.length > 0) {
    throw new Error(
      `Cannot test application "${parts.graph.application}" without waiting: operator "${waiting[0]}" calls the outside world; use await testRunAsync(…) with the same parameters`,
    );
  }
  return results(parts);
}

/** As {@link testRun}, for applications whose operators wait for the outside world. */
export async function testRunAsync<C>(
  application: Application<C>,
  configuration: C,
  feeds: Feeds,
  options: TestRunOptions = {},
): Promise<TestRun> {
  const parts = prepared(application.build(configuration), feeds, options);
  const { run, records, settling } = parts;
  for (const job of run.steps(records)) {
    // Answers come between the records, as they do in a job.
    await nextTurn();
    await settling.room(job);
  }
  await settling.drain(run.job);
  return results(parts);
}

interface PreparedRun {
  /** As the program describes it; what runs has captured side outputs as well. */
  readonly graph: DataflowGraph;
  readonly outputs: CapturedOutputs;
  readonly settling: Settling;
  readonly records: readonly FedRecord[];
  readonly run: FedRun;
}

function prepared(graph: DataflowGraph, feeds: Feeds, options: TestRunOptions): PreparedRun {
  const outputs = new CapturedOutputs();
  const settling = new Settling();
  const run = new FedRun({ graph: withCapturedSides(graph), outputs, wake: settling.wake }, options);
  return { graph, outputs, settling, records: fedRecords(graph, feeds, options), run };
}

function results({ graph, outputs, run }: PreparedRun): TestRun {
  // The type is the test's claim about what its program sends there; see `TestRun`.
  const valuesOf = (name: string): readonly never[] => outputs.of(name).map(({ value }) => value as never);
  return {
    sink: (name) => {
      checkSink(graph, name);
      return valuesOf(name);
    },
    side: (operator, output) => valuesOf(sideSink(operator, output)),
    lateRecords: (operator) => run.lateRecords(operator),
    state: (operator, cell, key) =>
      stateContent(graph, { parts: run.last.parts, clock: run.clock }, { operator, cell, key }),
    snapshot: () => run.last,
    plan: describeGraph(graph),
  };
}

function checkSink(graph: DataflowGraph, name: string): void {
  if (!graph.nodes.some((node) => node.name === name && node.kind === 'sink')) {
    throw new Error(
      `Cannot read sink "${name}": application "${graph.application}" has ${namesOf(graph, 'sink')}`,
    );
  }
}
