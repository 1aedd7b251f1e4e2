/** Reads a list page by page; pages that were loaded stay fresh together. */
import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import type { CallInput } from '#contract/api/client.ts';
import type { Routes } from '#contract/api/routes.ts';
import { BUSY_POLL_MS, POLL_MS, queryClient } from './query-client.ts';
import { readAgain, readKey, type BodyOf, type Reading } from './use-read.ts';

export type ListId =
  | 'listDeployments'
  | 'listApplications'
  | 'listApplicationVersions'
  | 'listEvents'
  | 'listJobs'
  | 'listSavepoints'
  | 'listOperations'
  | 'listRevisions'
  | 'listTargets'
  | 'listNamespaces'
  | 'listRoleBindings'
  | 'listTokens'
  | 'listNamespaceAudit';

export type ItemOf<Id extends ListId> = BodyOf<Id>['items'][number];

export interface List<T> {
  readonly items: readonly T[];
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  /** When it was read last, in ms. */
  readonly readAt: number;
}

interface ListOptions<Item> {
  /** Reads at `BUSY_POLL_MS` while the newest item says that something is under way. */
  readonly busy?: (newest: Item) => boolean;
}

export function useList<Id extends ListId>(
  id: Id,
  input: CallInput<Routes[Id]>,
  options: ListOptions<ItemOf<Id>> = {},
): List<ItemOf<Id>> {
  const key = readKey(id, input);
  const list = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null, // Widens the literal: later pages have cursors.
    queryFn: ({ pageParam, signal }) => {
      const former = formerPage<Id>(key, pageParam);
      return readAgain(id, withCursor<Id>(input, pageParam), former, signal);
    },
    getNextPageParam: (page: Reading<BodyOf<Id>>) => page.body.next,
    refetchInterval: ({ state }) => {
      const newest = state.data?.pages[0]?.body.items[0] as ItemOf<Id> | undefined; // As below.
      return newest !== undefined && options.busy?.(newest) === true ? BUSY_POLL_MS : POLL_MS;
    },
  });
  return {
    // The items of every list id are told apart by Id, which flatMap cannot see.
    items: (list.data?.pages ?? []).flatMap((page) => page.body.items as ItemOf<Id>[]),
    isPending: list.isPending,
    error: list.error,
    hasMore: list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    loadMore: () => void list.fetchNextPage(),
    readAt: list.dataUpdatedAt,
  };
}

function formerPage<Id extends ListId>(
  key: readonly unknown[],
  cursor: string | null,
): Reading<BodyOf<Id>> | undefined {
  const data = queryClient.getQueryData<InfiniteData<Reading<BodyOf<Id>>, string | null>>(key);
  const index = data?.pageParams.indexOf(cursor) ?? -1;
  return index < 0 ? undefined : data?.pages[index];
}

function withCursor<Id extends ListId>(
  input: CallInput<Routes[Id]>,
  cursor: string | null,
): CallInput<Routes[Id]> {
  if (cursor === null) return input;
  const query: object = 'query' in input && typeof input.query === 'object' ? (input.query ?? {}) : {};
  // Every list route takes a cursor in its query; the generic Id hides that from the compiler.
  return { ...input, query: { ...query, cursor } } as CallInput<Routes[Id]>;
}
