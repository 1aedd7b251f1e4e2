import { durationMs } from '#contract/duration.ts';
import type { Checkpointing } from '#contract/resources/checkpointing.ts';

/** How a spec wants its checkpoints, in the worker's own form: milliseconds, and nothing where a field says null. */
export function workerCheckpointing(spec: Checkpointing): Record<string, number> {
  const { minPause, timeout, tolerableFailures, retained, alignedTimeout } = spec;
  return {
    ...(minPause === null ? {} : { checkpointMinPauseMs: durationMs(minPause) }),
    checkpointTimeoutMs: durationMs(timeout),
    tolerableFailedCheckpoints: tolerableFailures,
    retainedCheckpoints: retained,
    ...(alignedTimeout === null ? {} : { unalignedAfterMs: durationMs(alignedTimeout) }),
  };
}
