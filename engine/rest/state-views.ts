/** State of the running job by operator, name and key. Flink has no such paths; its queryable state was a protocol of its own. */
import { PAGE_MAX, StateQueryError, type QueryRefusal } from '../runtime/queries/state-query.ts';
import { jobOf } from './job-lookup.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestRequest } from './router.ts';

const LIMIT_DEFAULT = 100;

const PARAMETERS = ['key', 'mapKey', 'limit', 'cursor', 'consistency'];

/** Which states there are, with their kinds, types and sizes. */
export async function statesView(context: RestContext, request: RestRequest): Promise<object> {
  jobOf(context, request);
  return { consistency: 'live', states: await answered(() => context.job.states()) };
}

/** One page of a state, or with `key` the entries of one key. */
export async function stateView(context: RestContext, request: RestRequest): Promise<object> {
  jobOf(context, request);
  const { operator = '', state = '' } = request.parameters;
  checkParameters(request);
  return answered(() =>
    context.job.queryState({
      operator,
      state,
      limit: Number(request.query.get('limit') ?? LIMIT_DEFAULT),
      ...given(request, 'key'),
      ...given(request, 'mapKey'),
      ...given(request, 'cursor'),
    }),
  );
}

function checkParameters({ query }: RestRequest): void {
  const unknown = [...query.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined)
    throw new RestError(
      400,
      `Cannot read state: parameter "${unknown}" is unknown; known are ${PARAMETERS.join(', ')}`,
    );
  const consistency = query.get('consistency') ?? 'live';
  if (consistency !== 'live')
    throw new RestError(
      501,
      `Cannot read state with consistency "${consistency}": a running job is read "live"; for the state of a checkpoint restore it in a fork`,
    );
  const limit = query.get('limit');
  if (limit !== null && !/^\d+$/.test(limit))
    throw new RestError(
      400,
      `Cannot read "${limit}" entries: limit must be a whole number from 1 to ${PAGE_MAX}`,
    );
}

function given(request: RestRequest, name: 'key' | 'mapKey' | 'cursor'): { readonly [name: string]: string } {
  const value = request.query.get(name);
  return value === null ? {} : { [name]: value };
}

const STATUSES: Readonly<Record<QueryRefusal, number>> = {
  unknown: 404,
  invalid: 400,
  expired: 410,
  'not-running': 409,
  'no-answer': 504,
};

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StateQueryError)
      throw new RestError(STATUSES[error.refusal], error.message, { cause: error });
    throw error;
  }
}
