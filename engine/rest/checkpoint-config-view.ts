import { jobOf } from './job-lookup.ts';
import type { RestContext } from './rest-context.ts';
import type { RestRequest } from './router.ts';

/** Flink's default, and ours: a job restarts by the fourth failure in a row. */
const TOLERABLE_FAILURES = 3;

/** How checkpoints are taken, as the job was started. */
export function checkpointConfigView(context: RestContext, request: RestRequest): object {
  const { checkpoints } = jobOf(context, request);
  const { options } = context;
  return {
    mode: 'exactly_once',
    interval: checkpoints.intervalMs,
    timeout: checkpoints.timeoutMs,
    min_pause: options.checkpointMinPauseMs ?? 0,
    max_concurrent: 1,
    externalization: { enabled: true, delete_on_cancellation: false },
    state_backend: options.stateBackend ?? 'heap',
    checkpoint_storage: 's3',
    unaligned_checkpoints: options.unalignedAfterMs !== undefined,
    tolerable_failed_checkpoints: options.tolerableFailedCheckpoints ?? TOLERABLE_FAILURES,
    aligned_checkpoint_timeout: options.unalignedAfterMs ?? 0,
    checkpoints_after_tasks_finish: true,
    state_changelog_enabled: false,
    changelog_periodic_materialization_interval: 0,
    changelog_storage: '',
  };
}
