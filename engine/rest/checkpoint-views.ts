import type { CheckpointView, CheckpointsView, VertexCheckpointView } from '../runtime/job-status.ts';
import { jobOf } from './job-lookup.ts';
import { summaryOf } from './number-summary.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestRequest } from './router.ts';
import { locationOfKey } from './savepoint-location.ts';

/** Counts, summary, latest and history; Flink answers 404 where checkpoints are switched off. */
export function checkpointsView(context: RestContext, request: RestRequest): object {
  const { checkpoints } = jobOf(context, request);
  const { latest, counts, history } = checkpoints;
  if (checkpoints.intervalMs === 0 && counts.total === 0 && latest.restored === undefined) {
    throw new RestError(404, 'Checkpointing has not been enabled.');
  }
  const view = (checkpoint: CheckpointView | undefined): object | undefined =>
    checkpoint && checkpointView(checkpoint, context.bucket);
  return {
    counts: {
      restored: counts.restored,
      total: counts.total,
      in_progress: counts.inProgress,
      completed: counts.completed,
      failed: counts.failed,
    },
    summary: summary(history.filter((checkpoint) => checkpoint.status === 'completed')),
    // Absent members are left out by JSON, as Flink leaves them out.
    latest: {
      completed: view(latest.completed),
      savepoint: view(latest.savepoint),
      failed: view(latest.failed),
      restored: restoredView(latest.restored, context.bucket),
    },
    history: history.map(view),
  };
}

export function checkpointDetailsView(context: RestContext, request: RestRequest): object {
  const checkpoint = checkpointOf(context, request);
  const tasks = Object.entries(checkpoint.vertices).map(taskView(checkpoint));
  return { ...checkpointView(checkpoint, context.bucket), tasks: Object.fromEntries(tasks) };
}

/** The checkpoint of one vertex, by its id. */
export function taskView(
  checkpoint: CheckpointView,
): (vertex: readonly [id: string, vertex: VertexCheckpointView]) => readonly [string, object] {
  return ([id, vertex]) => [
    id,
    {
      id: checkpoint.id,
      status: vertex.acknowledged === vertex.subtasks ? 'COMPLETED' : checkpointStatus(checkpoint),
      latest_ack_timestamp: vertex.latestAckAtMs ?? -1,
      checkpointed_size: vertex.writtenBytes,
      state_size: vertex.stateBytes,
      end_to_end_duration: Math.max(
        0,
        (vertex.latestAckAtMs ?? checkpoint.triggeredAtMs) - checkpoint.triggeredAtMs,
      ),
      ...inFlightData([vertex]),
      num_subtasks: vertex.subtasks,
      num_acknowledged_subtasks: vertex.acknowledged,
    },
  ];
}

/** The checkpoint that the path names. */
export function checkpointOf(context: RestContext, request: RestRequest): CheckpointView {
  const id = request.parameters['checkpointid'] ?? '';
  if (!/^\d+$/.test(id)) {
    throw new RestError(400, `Cannot read checkpoint id "${id}": it must be a whole number`);
  }
  const { history, latest } = jobOf(context, request).checkpoints;
  const all = [...history, latest.completed, latest.savepoint, latest.failed];
  const found = all.find((checkpoint) => checkpoint?.id === Number(id));
  if (found === undefined) {
    throw new RestError(404, `Could not find checkpointing statistics for checkpoint ${id}.`);
  }
  return found;
}

/** What barriers have overtaken. Alignment alone holds batches back in their channels and stores nothing. */
function inFlightData(vertices: readonly VertexCheckpointView[]): object {
  const bytes = vertices.reduce((sum, vertex) => sum + overtakenBytes(vertex), 0);
  return { alignment_buffered: 0, processed_data: 0, persisted_data: bytes };
}

function overtakenBytes({ acknowledgements }: VertexCheckpointView): number {
  return acknowledgements.reduce((sum, { overtakenBytes: bytes = 0 }) => sum + bytes, 0);
}

function checkpointView(checkpoint: CheckpointView, bucket: string): object {
  return {
    className: checkpoint.status.replace('-', '_'),
    id: checkpoint.id,
    status: checkpointStatus(checkpoint),
    is_savepoint: checkpoint.savepoint,
    ...(checkpoint.savepoint ? { savepointFormat: 'CANONICAL' } : {}),
    trigger_timestamp: checkpoint.triggeredAtMs,
    latest_ack_timestamp: checkpoint.latestAckAtMs ?? -1,
    checkpointed_size: checkpoint.writtenBytes,
    state_size: checkpoint.stateBytes,
    end_to_end_duration: checkpoint.durationMs,
    ...inFlightData(Object.values(checkpoint.vertices)),
    num_subtasks: checkpoint.subtasks,
    num_acknowledged_subtasks: checkpoint.acknowledged,
    checkpoint_type: checkpointType(checkpoint),
    tasks: {},
    ...outcome(checkpoint, bucket),
  };
}

function outcome(checkpoint: CheckpointView, bucket: string): object {
  switch (checkpoint.status) {
    case 'in-progress':
      return {};
    case 'completed':
      return {
        external_path: checkpoint.manifest && locationOfKey(checkpoint.manifest, bucket),
        discarded: false,
      };
    case 'failed':
      return { failure_timestamp: checkpoint.endedAtMs ?? -1, failure_message: checkpoint.failure ?? '' };
  }
}

function checkpointStatus(checkpoint: CheckpointView): string {
  return checkpoint.status.toUpperCase().replace('-', '_');
}

function checkpointType(checkpoint: CheckpointView): string {
  if (!checkpoint.savepoint) {
    return 'CHECKPOINT';
  }
  return checkpoint.stop ? 'SYNC_SAVEPOINT' : 'SAVEPOINT';
}

function restoredView(restored: CheckpointsView['latest']['restored'], bucket: string): object | undefined {
  return (
    restored && {
      id: restored.id,
      restore_timestamp: restored.atMs,
      is_savepoint: restored.savepoint,
      external_path: locationOfKey(restored.manifest, bucket),
    }
  );
}

function summary(completed: readonly CheckpointView[]): object {
  const none = summaryOf(completed.map(() => 0));
  return {
    checkpointed_size: summaryOf(completed.map((checkpoint) => checkpoint.writtenBytes)),
    state_size: summaryOf(completed.map((checkpoint) => checkpoint.stateBytes)),
    end_to_end_duration: summaryOf(completed.map((checkpoint) => checkpoint.durationMs)),
    alignment_buffered: none,
    processed_data: none,
    persisted_data: summaryOf(
      completed.map(({ vertices }) =>
        Object.values(vertices).reduce((sum, vertex) => sum + overtakenBytes(vertex), 0),
      ),
    ),
  };
}
