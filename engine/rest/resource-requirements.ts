/** Rescaling as Flink's adaptive scheduler has it: bounds of parallelism for every vertex. */
import type { VertexView } from '../runtime/job-status.ts';
import { jobOf } from './job-lookup.ts';
import { hasEnded } from './job-views.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestReply, RestRequest } from './router.ts';

interface Bounds {
  readonly vertex: VertexView;
  readonly lowerBound: number;
  readonly upperBound: number;
}

/** A flat map, unlike what Flink's OpenAPI document says. */
export function resourceRequirementsView(context: RestContext, request: RestRequest): object {
  const { vertices } = jobOf(context, request);
  return Object.fromEntries(
    vertices.map(({ id, parallelism }) => [
      id,
      { parallelism: { lowerBound: parallelism, upperBound: parallelism } },
    ]),
  );
}

/**
 * Rescales to the largest upper bound. All vertices of a job have one parallelism here, unless the program fixes that of
 * some; their bounds stay what they are.
 */
export function changeResourceRequirements(context: RestContext, request: RestRequest): RestReply {
  const { vertices, state } = jobOf(context, request);
  if (hasEnded(state)) throw new RestError(409, `Cannot rescale job ${context.job.id}: it is ${state}`);
  const bounds = boundsOf(request, vertices, context.resources().cpus);
  const changed = bounds.filter(
    ({ vertex, lowerBound, upperBound }) =>
      upperBound !== vertex.parallelism || lowerBound > vertex.parallelism,
  );
  if (changed.length === 0) return { json: {} };
  const parallelism = Math.max(...changed.map(({ upperBound }) => upperBound));
  const refusal = context.job.refusesParallelism(parallelism);
  if (refusal !== undefined) throw new RestError(409, refusal);
  // Whoever asked looks at the job for what became of it, as with Flink.
  context.job.rescale(parallelism).catch((error: unknown) => context.onError(error, request));
  return { json: {} };
}

function boundsOf({ body }: RestRequest, vertices: readonly VertexView[], cpus: number): readonly Bounds[] {
  const unknown = Object.keys(body).find((id) => !vertices.some((vertex) => vertex.id === id));
  if (unknown !== undefined)
    throw new RestError(400, `Job vertex ${unknown} was not found; the job has ${idsOf(vertices)}`);
  return vertices.map((vertex) => {
    const member = body[vertex.id];
    if (member === undefined)
      throw new RestError(400, `The request is incomplete, missing job vertex ids: [${vertex.id}]`);
    return checkedBounds(member, vertex, cpus);
  });
}

function checkedBounds(member: unknown, vertex: VertexView, cpus: number): Bounds {
  const { id, maxParallelism } = vertex;
  const parallelism = memberOf(member, 'parallelism');
  const [lower, upper] = [memberOf(parallelism, 'lowerBound'), memberOf(parallelism, 'upperBound')];
  if (!isBound(lower) || !isBound(upper))
    throw new RestError(
      400,
      `Cannot read bounds of vertex ${id}: write {"parallelism":{"lowerBound":1,"upperBound":2}} with whole numbers from 1, or -1`,
    );
  // Without a bound as many as there is something to run them.
  const most = Math.min(maxParallelism, Math.max(cpus, vertex.parallelism));
  const [lowerBound, upperBound] = [lower === -1 ? 1 : lower, upper === -1 ? most : upper];
  if (lowerBound > upperBound)
    throw new RestError(
      400,
      `The requested lower bound [${lowerBound}] for job vertex [${id}] is higher than the upper bound [${upperBound}].`,
    );
  if (upperBound > maxParallelism)
    throw new RestError(
      400,
      `The newly requested parallelism [${upperBound}] of job vertex [${id}] exceeds its maximum parallelism [${maxParallelism}].`,
    );
  return { vertex, lowerBound, upperBound };
}

function isBound(value: unknown): value is number {
  return Number.isInteger(value) && (Number(value) >= 1 || value === -1);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (Reflect.get(value, name) as unknown)
    : undefined;
}

function idsOf(vertices: readonly VertexView[]): string {
  return vertices.map(({ id }) => id).join(', ');
}
