import type { Duration } from '../data/duration.ts';
import { t } from '../data/built-in-types.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { GraphBuilder } from '../stream/graph-builder.ts';
import { Stream } from '../stream/stream.ts';
import { CapturedOutputs, sideSink, withCapturedSides } from './captured-outputs.ts';
import { LocalJob } from './local-job.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandom } from './seeded-random.ts';
import { stubSink, stubSource } from './stub-connectors.ts';

/** The state of a harness; opaque. */
export interface HarnessSnapshot {
  readonly parts: readonly SnapshotPart[];
  readonly maxParallelism: number;
}

/** How a harness runs. */
export interface HarnessOptions {
  /** Subtasks of every operator; default 1. */
  readonly parallelism?: number;
  /** Key groups; default 128. */
  readonly maxParallelism?: number;
  /** Of `ctx.random`; default 1. */
  readonly seed?: number;
  /** Where the clock begins, ms; default 0. */
  readonly now?: number;
}

/** Some operators under test, driven by hand. */
export interface Harness<In, Out> {
  /** Sends one record through, with its event time in ms. */
  push(record: In, time?: number): void;
  /** Tells that all records up to this time have come: fires timers and windows. */
  watermark(time: number): void;
  /** Moves processing time: fires its timers and early rows. */
  advance(by: Duration | number): void;
  /** The records that came out since the last call. */
  output(): readonly Out[];
  /** The records that left by a side output since the last call. */
  side(output: string): readonly unknown[];
  snapshot(): HarnessSnapshot;
  /** Begins anew from a snapshot, at another parallelism if given; what was captured is forgotten. */
  restore(snapshot: HarnessSnapshot, options?: { readonly parallelism?: number }): void;
}

const INPUT = 'in';
const OUTPUT = 'out';

/**
 * Runs the operators that `build` adds to a stream, record by record and without waiting.
 *
 * Example: `const h = harness(detect); h.push({ card: 'a', amount: 1 }, 0); expect(h.output()).toEqual([]);`
 */
export function harness<In, Out>(
  build: (input: Stream<In>) => Stream<Out>,
  options: HarnessOptions = {},
): Harness<In, Out> {
  const { graph, last } = describe(build);
  const clock = new ManualClock(options.now);
  const maxParallelism = options.maxParallelism ?? 128;
  const random = seededRandom(options.seed ?? 1);
  let outputs = new CapturedOutputs();
  const start = (parallelism: number, restored?: readonly SnapshotPart[]): LocalJob => {
    outputs = new CapturedOutputs();
    const from = restored === undefined ? {} : { restored };
    return new LocalJob(graph, { parallelism, maxParallelism, clock, random, outputs, ...from });
  };
  let job = start(options.parallelism ?? 1);
  return {
    push: (record, time) => job.push(INPUT, record, time),
    watermark: (time) => job.watermark(INPUT, time),
    advance: (by) => {
      clock.advance(by);
      job.tick();
    },
    output: () => outputs.take(OUTPUT).map(({ value }) => value as Out), // what the last operator emits
    side: (output) => outputs.take(sideSink(last, output)).map(({ value }) => value),
    snapshot: () => ({ parts: job.snapshot(), maxParallelism }),
    restore: (snapshot, { parallelism = options.parallelism ?? 1 } = {}) => {
      if (snapshot.maxParallelism !== maxParallelism) {
        throw new Error(
          `Cannot restore harness: the snapshot has max parallelism ${snapshot.maxParallelism}, the harness ${maxParallelism}`,
        );
      }
      job = start(parallelism, snapshot.parts);
    },
  };
}

function describe<In, Out>(build: (input: Stream<In>) => Stream<Out>) {
  const builder = new GraphBuilder('harness');
  builder.add({
    name: INPUT,
    kind: 'source',
    definition: { kind: 'source', source: stubSource<unknown>(t.string), watermark: { outOfOrdernessMs: 0 } },
  });
  const result = build(new Stream<In>({ builder, operator: INPUT, output: 'main' }));
  const last = result.operator;
  result.to(stubSink(OUTPUT), OUTPUT);
  return { graph: withCapturedSides(builder.graph), last };
}
