import { QueryClient } from '@tanstack/react-query';
import { Problem, problems } from '#contract/problems.ts';

/** Live figures are read this often while the page can be seen. */
export const POLL_MS = 2000;

/** While an operation is under way someone is waiting for its next step. */
export const BUSY_POLL_MS = 1000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: POLL_MS / 2,
      gcTime: 5 * 60_000,
      // The poll itself is the retry of a page that is open; a first load gets two more tries.
      retry: (failures, error) => failures < 2 && isRetryable(error),
      // Requests go out even when the browser believes it has no network: the platform may be on this machine.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

function isRetryable(error: Error): boolean {
  return !(error instanceof Problem) || problems[error.code].retryable;
}
