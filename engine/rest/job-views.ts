import type { JobState, JobStatusView, SubtaskView, VertexView } from '../runtime/job-status.ts';
import { failureCause, stackOf } from './failure-cause.ts';
import { jobOf, checkedId } from './job-lookup.ts';
import { plan } from './plan.ts';
import type { RestContext } from './rest-context.ts';
import { restartText } from './restart-text.ts';
import type { RestRequest } from './router.ts';
import { EXECUTION_STATES, ioMetrics, statusCounts } from './subtask-views.ts';

const JOB_STATES: readonly (JobState | 'SUSPENDED' | 'RECONCILING')[] = [
  'INITIALIZING',
  'CREATED',
  'RUNNING',
  'RESTARTING',
  'FAILING',
  'FAILED',
  'CANCELLING',
  'CANCELED',
  'FINISHED',
  'SUSPENDED',
  'RECONCILING',
];

export function jobsView(context: RestContext): object {
  const { id, state } = context.job.status();
  return { jobs: [{ id, status: state }] };
}

export function jobsOverviewView(context: RestContext): object {
  const job = context.job.status();
  const subtasks = job.vertices.flatMap((vertex) => vertex.subtasks);
  const overview = {
    jid: job.id,
    name: job.name,
    jobType: 'STREAMING',
    schedulerType: 'Default',
    ...span(job, context.clock.now()),
    state: job.state,
    'last-modification': Math.max(job.startedAtMs, ...Object.values(job.timestamps)),
    // The keys of this one view are in lower case, those of the job's detail are not.
    tasks: { total: subtasks.length, ...lowerCased(statusCounts(subtasks)) },
    'pending-operators': 0,
  };
  return { jobs: [overview] };
}

export function jobView(context: RestContext, request: RestRequest): object {
  const job = jobOf(context, request);
  const now = context.clock.now();
  return {
    jid: job.id,
    name: job.name,
    isStoppable: false,
    state: job.state,
    'job-type': 'STREAMING',
    ...span(job, now),
    maxParallelism: job.maxParallelism,
    now,
    // Zero means never.
    timestamps: Object.fromEntries(JOB_STATES.map((state) => [state, timestampOf(job, state)])),
    vertices: job.vertices.map((vertex) => vertexSummary(vertex, now)),
    'status-counts': statusCounts(job.vertices.flatMap((vertex) => vertex.subtasks)),
    plan: plan(job),
    'pending-operators': 0,
    schedulerType: 'Default',
  };
}

export function jobStatusView(context: RestContext, request: RestRequest): object {
  return { status: jobOf(context, request).state };
}

export function jobConfigView(context: RestContext, request: RestRequest): object {
  const job = jobOf(context, request);
  return {
    jid: job.id,
    name: job.name,
    'execution-config': {
      'restart-strategy': restartText(context.options.restart),
      'job-parallelism': job.parallelism,
      'object-reuse-mode': true,
      'user-config': context.configuration,
    },
  };
}

export function jobPlanView(context: RestContext, request: RestRequest): object {
  return { plan: plan(jobOf(context, request)) };
}

const APPLICATION_STATUS: Partial<Record<JobState, string>> = {
  FINISHED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
};

export function executionResultView(context: RestContext, request: RestRequest): object {
  const job = jobOf(context, request);
  const applicationStatus = APPLICATION_STATUS[job.state];
  if (applicationStatus === undefined) {
    return { status: { id: 'IN_PROGRESS' } };
  }
  const fault = job.state === 'FAILED' ? (job.faults[0] ?? job.firstFault) : undefined;
  return {
    status: { id: 'COMPLETED' },
    'job-execution-result': {
      id: job.id,
      name: job.name,
      'application-status': applicationStatus,
      'accumulator-results': {},
      'net-runtime': span(job, context.clock.now()).duration,
      'application-id': job.id,
      'start-time': job.startedAtMs,
      'end-time': job.endedAtMs ?? -1,
      ...(fault === undefined
        ? {}
        : { 'failure-cause': failureCause(fault.name, fault.message, stackOf(fault)) }),
    },
  };
}

/** Programs have no accumulators here; their figures are metrics. */
export function accumulatorsView(context: RestContext, request: RestRequest): object {
  jobOf(context, request);
  return {
    'job-accumulators': [],
    'user-task-accumulators': [],
    'serialized-user-task-accumulators': {},
  };
}

/** Whether the job reached a state that it never leaves. */
export function hasEnded(state: JobState): boolean {
  return APPLICATION_STATUS[state] !== undefined;
}

export function checkedTriggerId(request: RestRequest): string {
  return checkedId('trigger id', request.parameters['triggerid'] ?? '');
}

function vertexSummary(vertex: VertexView, now: number): object {
  const started = Math.min(...vertex.subtasks.map((subtask) => subtask.startedAtMs));
  const ended = Math.max(...vertex.subtasks.map((subtask) => subtask.endedAtMs ?? Number.POSITIVE_INFINITY));
  return {
    id: vertex.id,
    slotSharingGroupId: '0'.repeat(32),
    name: vertex.name,
    maxParallelism: vertex.maxParallelism,
    parallelism: vertex.parallelism,
    status: vertexStatus(vertex.subtasks),
    'start-time': Number.isFinite(started) ? started : -1,
    'end-time': Number.isFinite(ended) ? ended : -1,
    duration: Number.isFinite(started) ? (Number.isFinite(ended) ? ended : now) - started : 0,
    tasks: statusCounts(vertex.subtasks),
    metrics: ioMetrics(vertex.subtasks),
  };
}

/** The state that says most about the whole: a failed subtask speaks for its vertex, a finished one only with all others. */
export function vertexStatus(subtasks: readonly SubtaskView[]): string {
  const counts = statusCounts(subtasks);
  const telling = [
    'FAILED',
    'CANCELED',
    'CREATED',
    'DEPLOYING',
    'INITIALIZING',
    'RUNNING',
    'FINISHED',
  ] as const;
  return telling.find((state) => (counts[state] ?? 0) > 0) ?? EXECUTION_STATES[0];
}

function span(
  job: JobStatusView,
  now: number,
): { readonly 'start-time': number; readonly 'end-time': number; readonly duration: number } {
  return {
    'start-time': job.startedAtMs,
    'end-time': job.endedAtMs ?? -1,
    duration: Math.max(0, (job.endedAtMs ?? now) - job.startedAtMs),
  };
}

function timestampOf(job: JobStatusView, state: string): number {
  return Object.entries(job.timestamps).find(([name]) => name === state)?.[1] ?? 0;
}

function lowerCased(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name.toLowerCase(), count]));
}
