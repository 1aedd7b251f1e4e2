import type { Fault } from '../runtime/job-status.ts';
import { serializedThrowable } from './serialized-throwable.ts';

/** A failure in Flink's form; the client dereferences every one of the three members. */
export interface FailureCause {
  readonly class: string;
  readonly 'stack-trace': string;
  readonly 'serialized-throwable': string;
}

export const JOB_NOT_FOUND = 'org.apache.flink.runtime.messages.FlinkJobNotFoundException';
export const CHECKPOINT_FAILED = 'org.apache.flink.runtime.checkpoint.CheckpointException';

export function failureCause(className: string, message: string, stack?: string): FailureCause {
  const stackTrace = stack ?? `${className}: ${message}`;
  return {
    class: className,
    'stack-trace': stackTrace,
    'serialized-throwable': serializedThrowable({
      className,
      message: `${className}: ${message}`,
      stackTrace,
    }),
  };
}

/** The stack of a fault, or what there is instead of one. */
export function stackOf(fault: Fault): string {
  return fault.stack ?? `${fault.name}: ${fault.message}`;
}
