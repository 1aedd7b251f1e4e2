import { MAX_WATERMARK, MIN_WATERMARK, NO_TIME } from '../data/record-batch.ts';
import type { DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import { describeGraph, type GraphDescription } from '../graph/describe-graph.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import type { Application } from '../stream/application.ts';
import { CapturedOutputs, sideSink, withCapturedSides } from './captured-outputs.ts';
import { LocalJob } from './local-job.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandom } from './seeded-random.ts';

/** How a test run goes. */
export interface TestRunOptions {
  /** `given` keeps the order of each feed, one feed after the other; `time` (default) sorts all by event time. */
  readonly order?: 'time' | 'given';
  readonly parallelism?: number;
  readonly maxParallelism?: number;
  /** After so many records the job dies and goes on from its last checkpoint. */
  readonly crashAt?: number;
  /** Records between two checkpoints; default 10. */
  readonly checkpointEvery?: number;
  /** Parallelism after the crash. */
  readonly rescaleTo?: number;
  readonly seed?: number;
}

/** What came out of a test run. */
export interface TestRun {
  /** All that a sink was given; after a crash as an exactly-once sink has it. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the test knows what its program sends to a sink
  sink<T = unknown>(name: string): readonly T[];
  /** All that left an operator by a side output, whether the program reads it or not. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
  side<T = unknown>(operator: string, output: string): readonly T[];
  readonly plan: GraphDescription;
}

/**
 * Runs a whole application over fixed input: every source gets the records of its name, event times come from the
 * source's own `time`, watermarks follow as far behind as the program allows, and at the end all windows fire.
 *
 * Example: `testRun(payments, { table: 'd' }, { payments: [first, second] }).sink('dashboard')`.
 */
export function testRun<C>(
  application: Application<C>,
  configuration: C,
  feeds: Readonly<Record<string, readonly unknown[]>>,
  options: TestRunOptions = {},
): TestRun {
  const graph = application.build(configuration);
  const outputs = new CapturedOutputs();
  new FedRun(withCapturedSides(graph), outputs, options).run(ordered(graph, feeds, options.order ?? 'time'));
  // The type is the test's claim about what its program sends there; see `TestRun`.
  const valuesOf = (name: string): readonly never[] => outputs.of(name).map(({ value }) => value as never);
  return {
    sink: (name) => {
      checkSink(graph, name);
      return valuesOf(name);
    },
    side: (operator, output) => valuesOf(sideSink(operator, output)),
    plan: describeGraph(graph),
  };
}

interface FedRecord {
  readonly source: string;
  readonly value: unknown;
  readonly time: number;
  /** The source's watermark after this record. */
  readonly watermark: number;
}

interface Checkpoint {
  readonly position: number;
  readonly parts: readonly SnapshotPart[];
  readonly mark: ReadonlyMap<string, number>;
}

class FedRun {
  readonly #graph: DataflowGraph;
  readonly #outputs: CapturedOutputs;
  readonly #options: TestRunOptions;
  readonly #clock = new ManualClock();
  readonly #random: () => number;

  constructor(graph: DataflowGraph, outputs: CapturedOutputs, options: TestRunOptions) {
    this.#graph = graph;
    this.#outputs = outputs;
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
  }

  run(records: readonly FedRecord[]): void {
    const { parallelism = 1, rescaleTo, crashAt, checkpointEvery = 10 } = this.#options;
    let job = this.#start(parallelism);
    let checkpoint: Checkpoint = { position: 0, parts: [], mark: new Map() };
    let crashed = crashAt === undefined;
    for (let position = 0; position < records.length; position++) {
      if (!crashed && position === crashAt) {
        crashed = true;
        this.#outputs.rewind(checkpoint.mark);
        job = this.#start(rescaleTo ?? parallelism, checkpoint.parts);
        ({ position } = checkpoint);
      }
      const record = records[position];
      if (record !== undefined) {
        feed(job, record);
      }
      if ((position + 1) % checkpointEvery === 0) {
        checkpoint = { position: position + 1, parts: job.snapshot(), mark: this.#outputs.mark() };
      }
    }
    for (const node of this.#graph.nodes.filter(({ kind }) => kind === 'source')) {
      job.watermark(node.name, MAX_WATERMARK);
    }
  }

  #start(parallelism: number, restored?: readonly SnapshotPart[]): LocalJob {
    const { maxParallelism } = this.#options;
    return new LocalJob(this.#graph, {
      parallelism,
      // Fixed for the whole run, since a crash may change the parallelism.
      maxParallelism: maxParallelism ?? 128,
      clock: this.#clock,
      random: this.#random,
      outputs: this.#outputs,
      ...(restored === undefined ? {} : { restored }),
    });
  }
}

function feed(job: LocalJob, { source, value, time, watermark }: FedRecord): void {
  job.push(source, value, time);
  if (watermark > MIN_WATERMARK) {
    job.watermark(source, watermark);
  }
}

function ordered(
  graph: DataflowGraph,
  feeds: Readonly<Record<string, readonly unknown[]>>,
  order: 'time' | 'given',
): FedRecord[] {
  const timed = Object.entries(feeds).flatMap(([source, values]) => {
    const definition = sourceOf(graph, source);
    return values.map((value) => ({
      source,
      value,
      time: definition.source.time?.(value) ?? NO_TIME,
      definition,
    }));
  });
  if (order === 'time') {
    timed.sort((left, right) => left.time - right.time);
  }
  const newest = new Map<string, number>();
  return timed.map(({ source, value, time, definition }) => {
    const latest = Math.max(newest.get(source) ?? NO_TIME, time);
    newest.set(source, latest);
    const watermark = latest === NO_TIME ? MIN_WATERMARK : latest - definition.watermark.outOfOrdernessMs - 1;
    return { source, value, time, watermark };
  });
}

function sourceOf(graph: DataflowGraph, name: string) {
  const definition = graph.nodes.find((node) => node.name === name)?.definition;
  if (definition?.kind !== 'source') {
    throw new Error(
      `Cannot feed source "${name}": application "${graph.application}" has ${namesOf(graph, 'source')}`,
    );
  }
  return definition;
}

function checkSink(graph: DataflowGraph, name: string): void {
  if (!graph.nodes.some((node) => node.name === name && node.kind === 'sink')) {
    throw new Error(
      `Cannot read sink "${name}": application "${graph.application}" has ${namesOf(graph, 'sink')}`,
    );
  }
}

function namesOf(graph: DataflowGraph, kind: DataflowNode['kind']): string {
  const names = graph.nodes.filter((node) => node.kind === kind).map((node) => `"${node.name}"`);
  return names.length === 0 ? `no ${kind}` : names.join(', ');
}
