import { setImmediate as nextTurn } from 'node:timers/promises';
import { MAX_WATERMARK, MIN_WATERMARK, NO_TIME } from '#engine/data/record-batch.ts';
import type { JobVertex } from '#engine/graph/job-graph.ts';
import type { ChainNode, TimeOutput } from '#engine/operators/chain.ts';
import type { SnapshotPart } from '#engine/state/snapshot.ts';
import { capturingWriter, sideSink, withCapturedSides } from '#engine/testing/captured-outputs.ts';
import { LocalJob } from '#engine/testing/local-job.ts';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { type Case, type CaseInput, type CaseOutput, type CaseTime, timeOf } from './case.ts';
import { jsonOf, keyIn } from './long-keys.ts';
import type { Subject } from './subject.ts';
import { subjects } from './subjects.ts';

const SINK = 'out';

/** What our operators emit for a case, in the suite's own format. */
export async function runCase(each: Case): Promise<readonly CaseOutput[]> {
  const make = subjects[each.operator.type];
  if (make === undefined) {
    throw new Error(
      `Case "${each.id}" is about an operator "${each.operator.type}"; known are ${Object.keys(subjects).join(', ')}`,
    );
  }
  let run: CaseRun;
  try {
    const subject = make(each as never); // every row of the table knows the shape of its own type
    if (typeof subject === 'function') {
      return subject();
    }
    run = new CaseRun(each, subject);
  } catch (error) {
    return [{ error: nameOf(error), message: String(error) }];
  }
  return await run.run();
}

class CaseRun {
  readonly #case: Case;
  readonly #subject: Subject;
  readonly #clock = new ManualClock();
  readonly #entries: CaseOutput[] = [];
  #parallelism: number;
  /** From the first time that there are several subtasks, entries name theirs. */
  #onMany = false;
  #job: LocalJob;
  /** Index of the input at work. */
  #at = 0;

  constructor(each: Case, subject: Subject) {
    this.#case = each;
    this.#subject = subject;
    this.#parallelism = each.operator.parallelism ?? 1;
    this.#job = this.#start();
  }

  async run(): Promise<readonly CaseOutput[]> {
    for (const [at, input] of this.#case.input.entries()) {
      this.#at = at;
      try {
        this.#give(input);
        if (this.#subject.asynchronous === true) {
          await this.#settle();
        }
      } catch (error) {
        this.#entries.push({ at, error: nameOf(error), message: String(error) });
        break;
      }
    }
    return this.#entries;
  }

  #give(input: CaseInput): void {
    const source = this.#subject.sources[(input.input ?? 1) - 1] ?? '';
    if (input.record !== undefined) {
      const record = this.#subject.record?.(input.record) ?? {
        key: keyIn(this.#case.operator.keyType, input.record.key),
        value: input.record.value,
      };
      this.#job.push(source, record, recordTime(input.record.ts));
    } else if (input.idle !== undefined) {
      this.#job.idle(source, input.idle);
    } else if (input.watermark !== undefined) {
      this.#job.watermark(source, timeOf(input.watermark));
    } else if (input.processingTime !== undefined) {
      this.#clock.advance(Math.max(0, input.processingTime - this.#clock.now()));
      this.#job.tick();
    } else if (input.snapshotAndRestore === true) {
      this.#parallelism = input.parallelismTo ?? this.#parallelism;
      this.#job = this.#start(this.#job.snapshot());
      this.#job.tick();
    } else if (input.endOfInput === true) {
      this.#job.end(source);
    } else if (input.complete !== undefined) {
      this.#subject.complete?.(input);
    }
  }

  /** Answers reach the operator in a later turn of the event loop. */
  async #settle(): Promise<void> {
    do {
      await nextTurn();
    } while (this.#job.work());
  }

  #start(restored?: readonly SnapshotPart[]): LocalJob {
    this.#onMany ||= this.#parallelism > 1;
    return new LocalJob(withCapturedSides(this.#subject.graph), {
      parallelism: this.#parallelism,
      maxParallelism: this.#case.operator.maxParallelism ?? 128,
      clock: this.#clock,
      random: () => 0,
      outputs: {
        writer: (node, subtask) =>
          capturingWriter((value, time) => this.#record({ node, subtask }, value, time)),
      },
      onTime: (vertex, subtask) => this.#timeOutput(vertex, subtask),
      ...(restored === undefined ? {} : { restored }),
    });
  }

  #record(
    { node, subtask }: { readonly node: ChainNode; readonly subtask: number },
    value: unknown,
    time: number,
  ): void {
    const side = node.name === SINK ? undefined : node.name.slice(sideSink('op', '').length);
    const name = side === undefined ? undefined : this.#sideName(side);
    if (node.name !== SINK && (name === undefined || node.name !== sideSink('op', side ?? ''))) {
      return;
    }
    this.#emit(subtask, {
      ...(name === undefined ? {} : { side: name }),
      ...this.#read(value, side),
      ...(time === NO_TIME ? {} : { ts: textOf(time) }),
    });
  }

  #read(value: unknown, side: string | undefined): CaseOutput {
    const read = this.#subject.read(value, side);
    return this.#case.operator.keyType === 'long' ? (jsonOf(read) as CaseOutput) : read; // the same with numbers
  }

  #sideName(side: string): string | undefined {
    return this.#subject.sideName === undefined ? side : this.#subject.sideName(side);
  }

  #timeOutput({ nodes }: JobVertex, subtask: number): TimeOutput {
    const isSubject = nodes.some(({ name }) => name === SINK);
    const emit = (entry: CaseOutput): void => (isSubject ? this.#emit(subtask, entry) : undefined);
    return {
      watermark: (watermark) => emit({ watermark: textOf(watermark) }),
      idle: (idle) => emit({ idle }),
    };
  }

  #emit(subtask: number, entry: CaseOutput): void {
    this.#entries.push({ at: this.#at, ...entry, ...(this.#onMany ? { subtask } : {}) });
  }
}

function recordTime(time: CaseTime | undefined): number {
  return time === undefined || time === 'min' ? NO_TIME : timeOf(time);
}

function textOf(time: number): CaseTime {
  if (time <= MIN_WATERMARK) {
    return 'min';
  }
  return time >= MAX_WATERMARK ? 'max' : time;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
