import type { SubtaskCheckpointView } from '../runtime/job-status.ts';
import { checkpointOf, taskView } from './checkpoint-views.ts';
import { summaryOf } from './number-summary.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestRequest } from './router.ts';

/** What each subtask of a vertex did for a checkpoint, and how long it took by what it waited for. */
export function checkpointSubtasksView(context: RestContext, request: RestRequest): object {
  const checkpoint = checkpointOf(context, request);
  const id = request.parameters['vertexid'] ?? '';
  const vertex = checkpoint.vertices[id];
  if (vertex === undefined)
    throw new RestError(
      404,
      `There is no checkpoint statistics for task ${id} of checkpoint ${checkpoint.id}.`,
    );
  const [, task] = taskView(checkpoint)([id, vertex]);
  const { acknowledgements } = vertex;
  const bySubtask = new Map(acknowledgements.map((each) => [each.subtask, each]));
  return {
    ...task,
    summary: summary(acknowledgements, checkpoint.triggeredAtMs),
    subtasks: Array.from({ length: vertex.subtasks }, (_, index) => {
      const acknowledged = bySubtask.get(index);
      return acknowledged === undefined
        ? { index, status: 'pending_or_failed' }
        : subtaskEntry(acknowledged, checkpoint.triggeredAtMs);
    }),
  };
}

function subtaskEntry(acknowledged: SubtaskCheckpointView, triggeredAtMs: number): object {
  const { subtask, acknowledgedAtMs, stateBytes, writtenBytes, overtakenBytes = 0 } = acknowledged;
  return {
    index: subtask,
    status: 'completed',
    ack_timestamp: acknowledgedAtMs,
    end_to_end_duration: acknowledgedAtMs - triggeredAtMs,
    checkpointed_size: writtenBytes,
    state_size: stateBytes,
    checkpoint: { sync: acknowledged.syncMs, async: acknowledged.asyncMs },
    alignment: {
      buffered: 0,
      processed: 0,
      persisted: overtakenBytes,
      duration: acknowledged.alignmentMs,
    },
    start_delay: acknowledged.startDelayMs,
    unaligned_checkpoint: overtakenBytes > 0,
    aborted: false,
  };
}

function summary(acknowledgements: readonly SubtaskCheckpointView[], triggeredAtMs: number): object {
  const over = (value: (acknowledged: SubtaskCheckpointView) => number): object =>
    summaryOf(acknowledgements.map(value));
  const none = over(() => 0);
  return {
    checkpointed_size: over(({ writtenBytes }) => writtenBytes),
    state_size: over(({ stateBytes }) => stateBytes),
    end_to_end_duration: over(({ acknowledgedAtMs }) => acknowledgedAtMs - triggeredAtMs),
    checkpoint_duration: { sync: over(({ syncMs }) => syncMs), async: over(({ asyncMs }) => asyncMs) },
    alignment: {
      buffered: none,
      processed: none,
      persisted: over(({ overtakenBytes = 0 }) => overtakenBytes),
      duration: over(({ alignmentMs }) => alignmentMs),
    },
    start_delay: over(({ startDelayMs }) => startDelayMs),
  };
}
