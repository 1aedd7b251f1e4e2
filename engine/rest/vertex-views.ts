import type { SubtaskView } from '../runtime/job-status.ts';
import { vertexOf } from './job-lookup.ts';
import { vertexStatus } from './job-views.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestRequest } from './router.ts';
import { aggregated, EXECUTION_STATES, ioMetrics, statusCounts, subtaskView } from './subtask-views.ts';

export function vertexView(context: RestContext, request: RestRequest): object {
  const vertex = vertexOf(context, request);
  const now = context.clock.now();
  return {
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    maxParallelism: vertex.maxParallelism,
    now,
    subtasks: vertex.subtasks.map((subtask) => subtaskView(subtask, now)),
    aggregated: aggregated(vertex.subtasks, now),
  };
}

export function subtaskDetailView(context: RestContext, request: RestRequest): object {
  return subtaskView(subtaskOf(context, request), context.clock.now());
}

export function subtaskOf(context: RestContext, request: RestRequest): SubtaskView {
  const vertex = vertexOf(context, request);
  const index = request.parameters['subtask'] ?? '';
  const subtask = vertex.subtasks.find((candidate) => String(candidate.subtask) === index);
  if (subtask === undefined) {
    throw new RestError(
      404,
      `Cannot find subtask "${index}": vertex "${vertex.name}" has ${vertex.parallelism}`,
    );
  }
  return subtask;
}

export function vertexTaskManagersView(context: RestContext, request: RestRequest): object {
  const vertex = vertexOf(context, request);
  const now = context.clock.now();
  const started = Math.min(now, ...vertex.subtasks.map((subtask) => subtask.startedAtMs));
  const only = {
    endpoint: 'worker',
    status: vertexStatus(vertex.subtasks),
    'start-time': started,
    'end-time': -1,
    duration: now - started,
    metrics: ioMetrics(vertex.subtasks),
    'status-counts': statusCounts(vertex.subtasks),
    'taskmanager-id': 'worker',
    aggregated: aggregated(vertex.subtasks, now),
  };
  return { id: vertex.id, name: vertex.name, now, taskmanagers: [only] };
}

export function attemptView(context: RestContext, request: RestRequest): object {
  const subtask = subtaskOf(context, request);
  const { attempt } = request.parameters;
  if (String(subtask.attempt) !== attempt) {
    throw new RestError(
      404,
      `Cannot find attempt ${attempt} of subtask ${subtask.subtask}: the present one is ${subtask.attempt}, and of others there are only faults, in exceptions`,
    );
  }
  return subtaskView(subtask, context.clock.now());
}

export function subtaskTimesView(context: RestContext, request: RestRequest): object {
  const vertex = vertexOf(context, request);
  const now = context.clock.now();
  const subtasks = vertex.subtasks.map(({ subtask, state, startedAtMs, endedAtMs }) => ({
    subtask,
    endpoint: 'worker',
    duration: Math.max(0, (endedAtMs ?? now) - startedAtMs),
    // Zero means never. Between deployment and end only the last change is known.
    timestamps: Object.fromEntries(
      EXECUTION_STATES.map((each) => [
        each,
        each === 'DEPLOYING' ? startedAtMs : each === state ? (endedAtMs ?? startedAtMs) : 0,
      ]),
    ),
  }));
  return { id: vertex.id, name: vertex.name, now, subtasks };
}

export function vertexAccumulatorsView(context: RestContext, request: RestRequest): object {
  return { id: vertexOf(context, request).id, 'user-accumulators': [] };
}

export function subtaskAccumulatorsView(context: RestContext, request: RestRequest): object {
  const { id, parallelism, subtasks } = vertexOf(context, request);
  return {
    id,
    parallelism,
    subtasks: subtasks.map(({ subtask, attempt }) => ({
      subtask,
      attempt,
      endpoint: 'worker',
      'user-accumulators': [],
    })),
  };
}

export function backpressureView(context: RestContext, request: RestRequest): object {
  const subtasks = vertexOf(context, request).subtasks.map((subtask) => {
    const ratio = share(subtask.backpressuredMsPerSecond);
    return {
      subtask: subtask.subtask,
      'attempt-number': subtask.attempt,
      ...level(ratio),
      ratio,
      idleRatio: share(subtask.idleMsPerSecond),
      busyRatio: share(subtask.busyMsPerSecond),
    };
  });
  const worst = Math.max(0, ...subtasks.map((subtask) => subtask.ratio));
  return { status: 'ok', ...level(worst), 'end-timestamp': context.clock.now(), subtasks };
}

export function watermarksView(context: RestContext, request: RestRequest): object {
  return vertexOf(context, request).subtasks.map((subtask) => ({
    id: `${subtask.subtask}.currentInputWatermark`,
    value: watermarkText(subtask.inputWatermark),
  }));
}

// Java's Long.MIN_VALUE stands for "none yet"; as a number it would lose its last digits.
const NO_WATERMARK = '-9223372036854775808';

export function watermarkText(watermark: number | undefined): string {
  return watermark === undefined || watermark <= Number.MIN_SAFE_INTEGER ? NO_WATERMARK : String(watermark);
}

function share(msPerSecond: number): number {
  return Math.min(1, Math.round(msPerSecond) / 1000);
}

/** Both spellings are read by clients in the field; the bounds are Flink's. */
function level(ratio: number): { readonly backpressureLevel: string; readonly 'backpressure-level': string } {
  const name = ratio <= 0.1 ? 'ok' : ratio <= 0.5 ? 'low' : 'high';
  return { backpressureLevel: name, 'backpressure-level': name };
}
