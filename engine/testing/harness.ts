import type { Duration } from '../data/duration.ts';
import type { Key } from '../data/key-groups.ts';
import { t } from '../data/built-in-types.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { GraphBuilder } from '../stream/graph-builder.ts';
import { Stream } from '../stream/stream.ts';
import { type CapturedRecord, CapturedOutputs, sideSink, withCapturedSides } from './captured-outputs.ts';
import { LocalJob } from './local-job.ts';
import { ManualClock } from './manual-clock.ts';
import { seededRandom } from './seeded-random.ts';
import { Settling } from './settling.ts';
import { type StateContent, stateContent } from './state-content.ts';
import { stubSink, pushedSource } from './stub-connectors.ts';
import { partsFor, type TestSnapshot } from './test-snapshot.ts';

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

/** Which stream, where there are two; without it both. */
export type HarnessInput = 'first' | 'second';

/** Some operators under test, driven by hand. */
export interface Harness<In, Out> {
  /** Sends one record through, with its event time in ms. */
  push(record: In, time?: number): void;
  /** Tells that all records up to this time have come: fires timers and windows. */
  watermark(time: number, input?: HarnessInput): void;
  /** Tells that no records come for now, so that watermarks do not wait for this input. */
  idle(input?: HarnessInput): void;
  /** Takes `idle` back. */
  active(input?: HarnessInput): void;
  /** Moves processing time: fires its timers and early rows. */
  advance(by: Duration | number): void;
  /** Ends a bounded input: event time comes to its end, and what waited for it comes out. */
  end(input?: HarnessInput): void;
  /**
   * Waits until every call to the outside world has been answered, and hands the answers on.
   *
   * Errors: throws when there is no answer for 5 seconds; a call that waits for the clock goes on with `advance`.
   */
  settled(): Promise<void>;
  /** The records that came out since the last call. */
  output(): readonly Out[];
  /** As `output`, each record with its event time. */
  timedOutput(): readonly CapturedRecord[];
  /** The records that left by a side output of the last operator since the last call. */
  side(output: string): readonly unknown[];
  /** What a state cell of an operator holds for a key, read out of a snapshot; undefined where it holds nothing. */
  state(operator: string, cell: string, key: Key): StateContent;
  /** Records that came too late for all their windows, of all operators. */
  readonly lateRecords: number;
  snapshot(): TestSnapshot;
  /** Begins anew from a snapshot, at another parallelism if given; what was captured is forgotten. */
  restore(snapshot: TestSnapshot, options?: { readonly parallelism?: number }): void;
}

/** Operators that read two streams, driven by hand. */
export interface TwoInputHarness<First, Second, Out> extends Harness<First, Out> {
  /** Sends one record through the second stream. */
  pushSecond(record: Second, time?: number): void;
}

const FIRST = 'in';
const SECOND = 'second';
const OUTPUT = 'out';

/**
 * Runs the operators that `build` adds to one stream or to two, record by record and without waiting.
 *
 * Example:
 * ```ts
 * const h = harness(detect);
 * h.push({ card: 'a', amount: 1 }, 0);
 * expect(h.output()).toEqual([]);
 *
 * const joined = harness((orders: Stream<Order>, payments: Stream<Payment>) => match(orders, payments));
 * joined.push(order, 1);
 * joined.pushSecond(payment, 2);
 * ```
 */
export function harness<In, Out>(
  build: (input: Stream<In>) => Stream<Out>,
  options?: HarnessOptions,
): Harness<In, Out>;
export function harness<First, Second, Out>(
  build: (first: Stream<First>, second: Stream<Second>) => Stream<Out>,
  options?: HarnessOptions,
): TwoInputHarness<First, Second, Out>;
export function harness(
  build: BuildOperators,
  options: HarnessOptions = {},
): TwoInputHarness<unknown, unknown, never> {
  return new DrivenOperators(build, options);
}

/** Any of the functions that a harness takes; its streams and their types are those of the overloads. */
type BuildOperators = (first: never, second: never) => Pick<Stream<never>, 'operator' | 'to'>;

class DrivenOperators implements TwoInputHarness<unknown, unknown, never> {
  readonly #built: BuiltOperators;
  readonly #options: HarnessOptions;
  readonly #maxParallelism: number;
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #settling = new Settling();
  #outputs = new CapturedOutputs();
  #job: LocalJob;

  constructor(build: BuildOperators, options: HarnessOptions) {
    this.#built = buildOperators(build);
    this.#options = options;
    this.#maxParallelism = options.maxParallelism ?? 128;
    this.#clock = new ManualClock(options.now);
    this.#random = seededRandom(options.seed ?? 1);
    this.#job = this.#start(options.parallelism ?? 1);
  }

  push(record: unknown, time?: number): void {
    this.#job.push(FIRST, record, time);
  }

  pushSecond(record: unknown, time?: number): void {
    this.#job.push(SECOND, record, time);
  }

  watermark(time: number, input?: HarnessInput): void {
    this.#sources(input).forEach((source) => this.#job.watermark(source, time));
  }

  idle(input?: HarnessInput): void {
    this.#sources(input).forEach((source) => this.#job.idle(source, true));
  }

  active(input?: HarnessInput): void {
    this.#sources(input).forEach((source) => this.#job.idle(source, false));
  }

  advance(by: Duration | number): void {
    this.#clock.advance(by);
    this.#job.tick();
  }

  end(input?: HarnessInput): void {
    this.#sources(input).forEach((source) => this.#job.end(source));
  }

  settled(): Promise<void> {
    return this.#settling.drain(this.#job);
  }

  output(): readonly never[] {
    return this.#outputs.take(OUTPUT).map(({ value }) => value as never); // what the last operator emits
  }

  timedOutput(): readonly CapturedRecord[] {
    return this.#outputs.take(OUTPUT);
  }

  side(output: string): readonly unknown[] {
    return this.#outputs.take(sideSink(this.#built.last, output)).map(({ value }) => value);
  }

  state(operator: string, cell: string, key: Key): StateContent {
    const { graph } = this.#built;
    return stateContent(graph, { parts: this.#job.snapshot(), clock: this.#clock }, { operator, cell, key });
  }

  get lateRecords(): number {
    return this.#job.lateRecords();
  }

  snapshot(): TestSnapshot {
    return { parts: this.#job.snapshot(), maxParallelism: this.#maxParallelism };
  }

  restore(
    snapshot: TestSnapshot,
    { parallelism = this.#options.parallelism ?? 1 }: { readonly parallelism?: number } = {},
  ): void {
    this.#job = this.#start(parallelism, partsFor(snapshot, 'harness', this.#maxParallelism));
  }

  #start(parallelism: number, restored?: readonly SnapshotPart[]): LocalJob {
    this.#outputs = new CapturedOutputs();
    return new LocalJob(this.#built.graph, {
      parallelism,
      maxParallelism: this.#maxParallelism,
      clock: this.#clock,
      random: this.#random,
      outputs: this.#outputs,
      wake: this.#settling.wake,
      ...(restored === undefined ? {} : { restored }),
    });
  }

  #sources(input: HarnessInput | undefined): readonly string[] {
    const { sources } = this.#built;
    return input === undefined ? sources : [input === 'first' ? FIRST : SECOND];
  }
}

interface BuiltOperators {
  readonly graph: ReturnType<typeof withCapturedSides>;
  /** The operator whose output is captured. */
  readonly last: string;
  readonly sources: readonly string[];
}

function buildOperators(build: BuildOperators): BuiltOperators {
  const builder = new GraphBuilder('harness');
  // A second source that nobody reads would be in the way of nothing, but shows in plans and messages.
  const sources = build.length > 1 ? [FIRST, SECOND] : [FIRST];
  const [first, second] = sources.map((name) => inputStream(builder, name));
  const result = build(first as never, second as never); // one for every parameter of `build`
  result.to(stubSink(OUTPUT), OUTPUT);
  return { graph: withCapturedSides(builder.graph), last: result.operator, sources };
}

function inputStream(builder: GraphBuilder, name: string): Stream<never> {
  builder.add({
    name,
    kind: 'source',
    definition: {
      kind: 'source',
      source: pushedSource<unknown>(t.string),
      watermark: { outOfOrdernessMs: 0 },
    },
  });
  return new Stream<never>({ builder, operator: name, output: 'main' });
}
