import { MAX_WATERMARK, MIN_WATERMARK, NO_TIME } from '../../data/record-batch.ts';
import type { DataflowGraph } from '../../graph/dataflow-graph.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { type CapturedRecord, CapturedOutputs, sideSink, withCapturedSides } from '../captured-outputs.ts';
import { LocalJob } from '../local-job.ts';
import { ManualClock } from '../manual-clock.ts';
import type { Case, CaseInput, CaseOutput, CaseTime } from './case.ts';

/** What a case drives: a graph from the source `in`, the operator `op` and the sink `out`. */
export interface Subject {
  readonly graph: DataflowGraph;
  readonly sides: readonly string[];
  /** The key and the record of what came out. */
  read(captured: unknown, side: string | undefined): { readonly key?: string; readonly record: unknown };
}

/** Records per input, output and key, each in its order: what the suite compares. */
export type Emissions = Readonly<Record<string, readonly (readonly [record: unknown, time: number])[]>>;

export function expectedEmissions(outputs: readonly CaseOutput[]): Emissions {
  const emissions: Record<string, [unknown, number][]> = {};
  for (const { at = -1, record, side, ts, key } of outputs) {
    if (record !== undefined) {
      (emissions[place(at, side, key)] ??= []).push([record, timeOf(ts)]);
    }
  }
  return emissions;
}

export function runCase(each: Case<unknown>, subject: Subject): Emissions {
  const run = new CaseRun(each, subject);
  for (const [at, input] of each.input.entries()) {
    run.give(at, input);
  }
  return run.emissions;
}

class CaseRun {
  readonly emissions: Record<string, [unknown, number][]> = {};
  readonly #case: Case<unknown>;
  readonly #subject: Subject;
  readonly #clock = new ManualClock();
  readonly #outputs = new CapturedOutputs();
  #job: LocalJob;
  #idle = false;

  constructor(each: Case<unknown>, subject: Subject) {
    this.#case = each;
    this.#subject = subject;
    this.#job = this.#start(each.operator.parallelism ?? 1);
  }

  give(at: number, input: CaseInput): void {
    if (input.record !== undefined) {
      this.#job.push('in', { key: input.record.key, value: input.record.value }, timeOf(input.record.ts));
    } else if (input.idle !== undefined) {
      this.#idle = input.idle;
    } else if (input.watermark !== undefined) {
      // The valve in front of the operator takes no watermark of an idle channel.
      this.#job.watermark('in', this.#idle ? MIN_WATERMARK : watermarkOf(input.watermark));
    } else if (input.processingTime !== undefined) {
      this.#clock.advance(input.processingTime - this.#clock.now());
      this.#job.tick();
    } else if (input.snapshotAndRestore === true) {
      this.#idle = false;
      this.#job = this.#start(
        input.parallelismTo ?? this.#case.operator.parallelism ?? 1,
        this.#job.snapshot(),
      );
      this.#job.tick();
    } else if (input.endOfInput === true) {
      this.#job.watermark('in', this.#idle ? MIN_WATERMARK : MAX_WATERMARK);
    }
    this.#collect(at, 'out', undefined);
    for (const side of this.#subject.sides) {
      this.#collect(at, sideSink('op', side), side);
    }
  }

  #start(parallelism: number, restored?: readonly SnapshotPart[]): LocalJob {
    return new LocalJob(withCapturedSides(this.#subject.graph), {
      parallelism,
      maxParallelism: this.#case.operator.maxParallelism ?? 128,
      clock: this.#clock,
      random: () => 0,
      outputs: this.#outputs,
      ...(restored === undefined ? {} : { restored }),
    });
  }

  #collect(at: number, sink: string, side: string | undefined): void {
    const captured: readonly CapturedRecord[] = this.#outputs.take(sink);
    for (const { value, time } of captured) {
      const { key, record } = this.#subject.read(value, side);
      (this.emissions[place(at, side, key)] ??= []).push([record, time]);
    }
  }
}

function place(at: number, side: string | undefined, key: string | undefined): string {
  return `${at} ${side ?? 'main'} ${key ?? ''}`;
}

function timeOf(time: CaseTime | undefined): number {
  return time === undefined || time === 'min' ? NO_TIME : watermarkOf(time);
}

function watermarkOf(time: CaseTime): number {
  const ends = { min: MIN_WATERMARK, max: MAX_WATERMARK };
  return typeof time === 'number' ? time : ends[time];
}
