import { jobOf, vertexOf } from './job-lookup.ts';
import { jobMetrics, subtaskMetrics, vertexMetrics, workerMetrics } from './metric-catalogue.ts';
import type { MetricValues } from './metric-catalogue.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestRequest } from './router.ts';
import { checkTaskManager, TASK_MANAGER_ID } from './task-manager.ts';
import { subtaskOf } from './vertex-views.ts';

export function jobMetricsView(context: RestContext, request: RestRequest): object {
  return listed(jobMetrics(jobOf(context, request), context.clock.now()), request);
}

export function allJobsMetricsView(context: RestContext, request: RestRequest): object {
  const wanted = request.query.get('jobs')?.split(',');
  const chosen = wanted === undefined || wanted.includes(context.job.id);
  return aggregated(chosen ? [jobMetrics(context.job.status(), context.clock.now())] : [], request);
}

export function vertexMetricsView(context: RestContext, request: RestRequest): object {
  return listed(vertexMetrics(vertexOf(context, request).subtasks, context.clock.now()), request);
}

export function subtaskMetricsView(context: RestContext, request: RestRequest): object {
  return listed(subtaskMetrics(subtaskOf(context, request), context.clock.now()), request);
}

export function subtasksMetricsView(context: RestContext, request: RestRequest): object {
  const chosen = subtaskFilter(request.query.get('subtasks'));
  const subtasks = vertexOf(context, request).subtasks.filter((subtask) => chosen(subtask.subtask));
  const now = context.clock.now();
  return aggregated(
    subtasks.map((subtask) => subtaskMetrics(subtask, now)),
    request,
  );
}

/** Of the worker, which is JobManager and TaskManager in one. */
export function workerMetricsView(context: RestContext, request: RestRequest): object {
  checkTaskManager(request);
  return listed(metricsOfWorker(context), request);
}

export function workersMetricsView(context: RestContext, request: RestRequest): object {
  const wanted = request.query.get('taskmanagers')?.split(',');
  const chosen = wanted === undefined || wanted.includes(TASK_MANAGER_ID);
  return aggregated(chosen ? [metricsOfWorker(context)] : [], request);
}

function metricsOfWorker(context: RestContext): MetricValues {
  return workerMetrics(context.resources(), context.job.status().threads ?? []);
}

/** Without `get` the catalogue, with it the values, as text. */
function listed(values: MetricValues, request: RestRequest): object {
  const wanted = wantedIds(request);
  if (wanted === undefined) {
    return [...values.keys()].map((id) => ({ id }));
  }
  return wanted.flatMap((id) => {
    const value = values.get(id);
    return value === undefined ? [] : [{ id, value }];
  });
}

const AGGREGATIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  avg: mean,
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  skew: (values) => {
    const average = mean(values);
    const deviation = mean(values.map((value) => Math.abs(value - average)));
    return average === 0 ? 0 : (100 * deviation) / Math.abs(average);
  },
};

/** The same over several owners; here values are numbers. */
function aggregated(owners: readonly MetricValues[], request: RestRequest): object {
  const wanted = wantedIds(request);
  if (wanted === undefined) {
    return [...new Set(owners.flatMap((owner) => [...owner.keys()]))].map((id) => ({ id }));
  }
  const names = request.query.get('agg')?.split(',') ?? Object.keys(AGGREGATIONS);
  return wanted.flatMap((id) => {
    const values = owners.flatMap((owner) => owner.get(id) ?? []).map(Number);
    return values.length === 0
      ? []
      : [{ id, ...Object.fromEntries(names.map((name) => [name, aggregate(name, values)])) }];
  });
}

function aggregate(name: string, values: readonly number[]): number {
  const aggregation = Object.hasOwn(AGGREGATIONS, name) ? AGGREGATIONS[name] : undefined;
  if (aggregation === undefined) {
    throw new RestError(
      400,
      `Cannot aggregate by "${name}": known are ${Object.keys(AGGREGATIONS).join(', ')}`,
    );
  }
  return aggregation(values);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function wantedIds(request: RestRequest): readonly string[] | undefined {
  return request.query.get('get')?.split(',').filter(Boolean);
}

/** Reads `0,2-4`. */
function subtaskFilter(text: string | null): (subtask: number) => boolean {
  if (text === null) {
    return () => true;
  }
  const ranges = text.split(',').map((part) => {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (range === null) {
      throw new RestError(400, `Cannot read subtasks "${text}": write numbers and ranges as in 0,2-4`);
    }
    return { from: Number(range[1]), to: Number(range[2] ?? range[1]) };
  });
  return (subtask) => ranges.some((range) => subtask >= range.from && subtask <= range.to);
}
