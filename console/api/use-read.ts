/** Reads one resource and keeps it fresh by conditional polling. */
import { useQuery, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import type * as z from 'zod';
import type { CallInput } from '#contract/api/client.ts';
import type { OperationId, Routes } from '#contract/api/routes.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { BUSY_POLL_MS, POLL_MS, queryClient } from './query-client.ts';

export type BodyOf<Id extends OperationId> = z.infer<Routes[Id]['success']['body']>;

/** An answer beside the ETag that it came with. */
export interface Reading<T> {
  readonly body: T;
  readonly etag: string | null;
}

export interface ReadOptions<Body = never> {
  /** Reading begins only when this is true; true when absent. */
  readonly enabled?: boolean;
  /** Time between two reads in ms; 0 reads once. */
  readonly everyMs?: number;
  /** Reads at `BUSY_POLL_MS` while the answer says that something is under way. */
  readonly busy?: (body: Body) => boolean;
}

/** The key under which an answer is kept: also what a mutation invalidates. */
export function readKey(id: OperationId, input: object): QueryKey {
  return [id, input];
}

export function useRead<Id extends OperationId>(
  id: Id,
  input: CallInput<Routes[Id]>,
  options: ReadOptions<BodyOf<Id>> = {},
): UseQueryResult<BodyOf<Id>> {
  const key = readKey(id, input);
  const everyMs = options.everyMs ?? POLL_MS;
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => readAgain(id, input, queryClient.getQueryData<Reading<BodyOf<Id>>>(key), signal),
    select: (reading) => reading.body,
    enabled: options.enabled ?? true,
    refetchInterval: ({ state }) => {
      if (everyMs === 0) return false;
      return state.data !== undefined && options.busy?.(state.data.body) === true ? BUSY_POLL_MS : everyMs;
    },
  });
}

/** Asks with the ETag of the former answer, and keeps that answer when nothing changed. */
export async function readAgain<Id extends OperationId>(
  id: Id,
  input: CallInput<Routes[Id]>,
  former: Reading<BodyOf<Id>> | undefined,
  signal: AbortSignal,
): Promise<Reading<BodyOf<Id>>> {
  const condition = former?.etag ? { ifNoneMatch: former.etag } : {};
  const answer = await watched(() => client.call(id, { ...input, ...condition, signal }));
  if (!answer.unchanged) return { body: answer.body, etag: answer.etag };
  if (former === undefined) throw new Error(`Cannot read ${id}: the server answered 304 to a first call`);
  return former;
}
