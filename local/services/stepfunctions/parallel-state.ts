import { asFailure } from './failure.ts';
import { languageOf, record, scopeOf } from './visit.ts';
import type { Visit } from './visit.ts';

/** Runs all branches side by side; the first that fails ends the others. */
export async function runParallel(visit: Visit): Promise<unknown[]> {
  const { run, start, state, name } = visit;
  const input = await languageOf(state).workInput(state, scopeOf(visit));
  record(visit, 'ParallelStateStarted', {});
  const { previousEvent, variables } = visit.cursor;
  const branches = (state.Branches ?? []).map((flow, index) => (signal: AbortSignal) => {
    const path = `${start.path}/${name}/${index}`;
    return visit.runFlow(run, { ...start, path, flow, input, variables, previousEvent, signal });
  });
  try {
    const results = await allOrNone(branches, { signal: start.signal, concurrency: branches.length });
    record(visit, 'ParallelStateSucceeded', {});
    return results;
  } catch (error) {
    start.signal.throwIfAborted();
    record(visit, 'ParallelStateFailed', {});
    throw error;
  }
}

/** Runs pieces of work, some at a time; a failure aborts the rest and is thrown once all have ended. */
export async function allOrNone<T>(
  pieces: readonly ((signal: AbortSignal) => Promise<T>)[],
  options: { readonly signal: AbortSignal; readonly concurrency: number },
): Promise<T[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    while (next < pieces.length && !signal.aborted) {
      const index = next;
      next += 1;
      const piece = pieces[index];
      if (piece !== undefined) results[index] = await piece(signal);
    }
  };
  const lanes = Array.from({ length: Math.min(options.concurrency, pieces.length) }, () =>
    lane().catch((error: unknown) => {
      if (!failed.signal.aborted) failed.abort(error);
    }),
  );
  await Promise.all(lanes);
  options.signal.throwIfAborted();
  if (failed.signal.aborted) throw asFailure(failed.signal.reason);
  return results;
}
