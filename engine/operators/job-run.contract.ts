import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import type { StateBackend } from '../state/entry-index.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { CapturedOutputs, type CapturedRecord } from '../testing/captured-outputs.ts';
import { LocalJob } from '../testing/local-job.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Settling } from '../testing/settling.ts';
import type { Step } from './operator-script.contract.ts';

/** The operators under test, between sources `in` and `second` and the sinks that capture all outputs. */
export interface OperatorUnderTest {
  readonly graph: DataflowGraph;
  readonly sources: readonly string[];
  /** True where calls to the outside world have to be waited for. */
  readonly waits: boolean;
}

/** All records of a run by the sink that they reached. */
export type RunOutput = ReadonlyMap<string, readonly CapturedRecord[]>;

/** State is the same in any number of these. */
export const MAX_PARALLELISM = 16;

/** When a job is restarted from its own snapshot, and at which parallelism. */
export interface Restarts {
  /** Called before every step; a number restarts the job with so many subtasks. */
  before(this: void, step: number): number | undefined;
  /** Called for every start; without it state is on the heap. */
  backend?(this: void): StateBackend;
}

/** One record after the other through a whole job in one thread. */
export async function runJob(
  { graph, sources, waits }: OperatorUnderTest,
  steps: readonly Step[],
  { before, backend }: Restarts = { before: () => undefined },
): Promise<RunOutput> {
  const clock = new ManualClock();
  const outputs = new CapturedOutputs();
  const settling = new Settling();
  const told = new Map<string, number>();
  let held: StateBackend | undefined;
  const start = (parallelism: number, restored?: readonly SnapshotPart[]): LocalJob => {
    held = backend?.();
    return new LocalJob(graph, {
      parallelism,
      backend: held,
      maxParallelism: MAX_PARALLELISM,
      clock,
      random: () => 0,
      outputs,
      wake: settling.wake,
      ...(restored === undefined ? {} : { restored }),
    });
  };
  let job = start(1);
  for (const [at, step] of steps.entries()) {
    const parallelism = step.kind === 'end' ? undefined : before(at);
    if (parallelism !== undefined) {
      job = start(parallelism, job.snapshot());
      // Watermarks are not state: sources tell theirs again.
      told.forEach((watermark, source) => job.watermark(source, watermark));
    } else if (at % 2 === 1) {
      // The next one continues it.
      job.snapshot();
    }
    take(job, { step, source: 'input' in step ? (sources[step.input] ?? '') : '', clock });
    held?.maintain();
    if (step.kind === 'watermark') {
      told.set(sources[step.input] ?? '', step.time);
    }
    if (waits) {
      await settling.room(job);
    }
  }
  await settling.drain(job);
  return new Map(sinksOf(graph).map((sink) => [sink, outputs.of(sink)]));
}

function take(
  job: LocalJob,
  { step, source, clock }: { readonly step: Step; readonly source: string; readonly clock: ManualClock },
): void {
  switch (step.kind) {
    case 'record':
      return job.push(source, step.value, step.time);
    case 'watermark':
      return job.watermark(source, step.time);
    case 'clock':
      clock.advance(step.byMs);
      return job.tick();
    case 'end':
      return job.end(source);
  }
}

export function sinksOf(graph: DataflowGraph): readonly string[] {
  return graph.nodes.filter(({ kind }) => kind === 'sink').map(({ name }) => name);
}
