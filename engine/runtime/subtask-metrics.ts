import { MIN_WATERMARK } from '../data/record-batch.ts';
import type { OperatorMetrics } from '../operators/chain-metrics.ts';
import type { OperatorCounters, SplitView, SubtaskMetrics } from './job-status.ts';
import { recordsOut } from './records-out.ts';
import type { SubtaskContext } from './subtask.ts';
import type { SubtaskChain } from './subtask-chain.ts';
import type { TimeShares } from './time-shares.ts';

/** What only the subtask's own kind knows. */
export interface InputMetrics {
  readonly bytesIn: number;
  readonly recordsIn?: number;
  readonly undecodableRecords?: number;
  readonly lagMs?: number | undefined;
  readonly splits?: readonly SplitView[];
}

/** One moment of a subtask's counters. */
export function subtaskMetrics(
  { subtask, vertex }: Pick<SubtaskContext, 'subtask' | 'vertex'>,
  chain: SubtaskChain,
  time: TimeShares,
  input: InputMetrics,
): SubtaskMetrics {
  const operators = chain.chain.metrics.operators.map(operatorCounters);
  const head = operators[0];
  return {
    subtask,
    recordsIn: input.recordsIn ?? head?.recordsIn ?? 0,
    recordsOut: recordsOut(vertex, operators),
    bytesIn: input.bytesIn,
    bytesOut: chain.bytesOut,
    busyMs: time.busyMs,
    backpressuredMs: time.backpressuredMs,
    idleMs: time.idleMs,
    lateRecords: operators.reduce((sum, { lateRecords }) => sum + lateRecords, 0),
    undecodableRecords: input.undecodableRecords ?? 0,
    ...(chain.inputWatermark === MIN_WATERMARK
      ? {}
      : { inputWatermark: chain.inputWatermark, outputWatermark: chain.inputWatermark }),
    ...(input.lagMs === undefined ? {} : { lagMs: input.lagMs }),
    ...(input.splits === undefined ? {} : { splits: input.splits }),
    operators,
  };
}

function operatorCounters(metrics: OperatorMetrics): OperatorCounters {
  const { operatorId: id, operatorName: name, ...counters } = metrics;
  const { recordsIn, recordsOut, lateRecords, stateEntries, stateBytes } = counters;
  return { id, name, recordsIn, recordsOut, lateRecords, stateEntries, stateBytes };
}
