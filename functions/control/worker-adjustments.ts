import type { Job } from '#contract/resources/job.ts';
import type { SinkMode } from '#contract/resources/sink-policy.ts';

/** What a job does otherwise than its program says, in the worker's own form. */
export interface WorkerAdjustments {
  readonly everySink: 'keep' | 'discard' | 'capture';
  readonly sinks: Readonly<Record<string, SinkMode>>;
  readonly startAtMs?: number;
}

/** Undefined where the program is left as it is, as in most jobs: environments are short. */
export function workerAdjustments({
  spec,
  startAt,
}: Pick<Job, 'spec' | 'startAt'>): WorkerAdjustments | undefined {
  const { every, sinks } = spec.sinks;
  const isKept = every === 'keep' && Object.values(sinks).every(({ mode }) => mode === 'keep');
  if (isKept && startAt === null) return undefined;
  return { everySink: every, sinks, ...(startAt === null ? {} : { startAtMs: Date.parse(startAt) }) };
}
