/** Reads the live figures of a job by as few calls of the gateway as it takes. */
import type * as z from 'zod';
import { AggregatedMetrics, Checkpoints, JobDetail, PlainMetrics } from './flink-answers.ts';
import { vertexMetricNames } from '../control/metrics-view.ts';
import type { JobFigures } from '../control/job-figures.ts';
import type { Platform } from '../middleware/platform.ts';
import type { JobCall, JobCalls, ReachableJob } from './call-job.ts';
import type { GatewayAnswer } from './gateway.ts';

// The vertices of a job never change, so all but the first read take one call. Bounded by forgetting all.
const verticesOfJobs = new Map<string, readonly string[]>();
const REMEMBERED_JOBS = 200;

/** Figures of a job, or why it cannot be read, as a sentence. */
export async function readFigures({ jobs }: Platform, job: ReachableJob): Promise<JobFigures | string> {
  const vertexIds = verticesOfJobs.get(job.jobId);
  const answers = await jobs.call(job, [
    get(`/jobs/${job.jobId}`),
    get(`/jobs/${job.jobId}/checkpoints`),
    get(`/jobs/${job.jobId}/metrics?get=numRestarts`),
    ...(vertexIds ?? []).map((id) => vertexCall(job, id)),
  ]);
  const [detailAnswer, checkpoints, jobMetrics, ...vertices] = answers;
  const detail = parsed(JobDetail, detailAnswer);
  if (detail === undefined) return `The job does not answer: ${reasonOf(detailAnswer)}.`;
  const ids = detail.vertices.map(({ id }) => id);
  const isKnown = vertexIds !== undefined && vertexIds.join() === ids.join();
  const vertexAnswers = isKnown ? vertices : await callVertices(jobs, job, ids);
  return {
    detail,
    checkpoints: parsed(Checkpoints, checkpoints),
    job: parsed(PlainMetrics, jobMetrics),
    vertices: new Map(ids.map((id, index) => [id, parsed(AggregatedMetrics, vertexAnswers[index]) ?? []])),
  };
}

async function callVertices(
  jobs: JobCalls,
  job: ReachableJob,
  ids: readonly string[],
): Promise<GatewayAnswer[]> {
  if (verticesOfJobs.size >= REMEMBERED_JOBS) verticesOfJobs.clear();
  verticesOfJobs.set(job.jobId, ids);
  return ids.length === 0
    ? []
    : jobs.call(
        job,
        ids.map((id) => vertexCall(job, id)),
      );
}

function vertexCall(job: ReachableJob, vertexId: string): JobCall {
  return get(`/jobs/${job.jobId}/vertices/${vertexId}/subtasks/metrics?get=${vertexMetricNames.join(',')}`);
}

function get(path: string): JobCall {
  return { method: 'GET', path };
}

function parsed<T extends z.ZodType>(schema: T, answer: GatewayAnswer | undefined): z.output<T> | undefined {
  return answer?.status === 200 ? schema.safeParse(answer.body).data : undefined;
}

function reasonOf(answer: GatewayAnswer | undefined): string {
  if (answer === undefined) return 'the gateway gave no answer';
  return answer.status === 0 ? String(answer.body) : `status ${answer.status}`;
}
