import type { JobStatusView, VertexView } from '../runtime/job-status.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestRequest } from './router.ts';

/** The job that the path names; a worker has one only. */
export function jobOf(context: RestContext, request: RestRequest): JobStatusView {
  if (!isJob(context, request)) {
    throw new RestError(404, jobNotFound(request));
  }
  return context.job.status();
}

/** Whether the path names the job of this worker; a malformed id is refused. */
export function isJob(context: RestContext, request: RestRequest): boolean {
  return checkedId('job id', request.parameters['jobid'] ?? '') === context.job.id;
}

export function jobNotFound(request: RestRequest): string {
  return `Could not find Flink job (${request.parameters['jobid']})`;
}

export function vertexOf(context: RestContext, request: RestRequest): VertexView {
  const id = checkedId('vertex id', request.parameters['vertexid'] ?? '');
  const vertex = jobOf(context, request).vertices.find((candidate) => candidate.id === id);
  if (vertex === undefined) {
    throw new RestError(404, `Cannot find vertex "${id}": the job graph has none of this id`);
  }
  return vertex;
}

/** All ids of the API look alike. */
export function checkedId(noun: string, id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw new RestError(400, `Cannot read ${noun} "${id}": it must be 32 lower-case hexadecimal characters`);
  }
  return id;
}
