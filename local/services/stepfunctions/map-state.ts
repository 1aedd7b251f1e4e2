import { StateFailure } from './failure.ts';
import { allOrNone } from './parallel-state.ts';
import type { Scope } from './query-language.ts';
import { languageOf, record, scopeOf } from './visit.ts';
import type { Visit } from './visit.ts';

// An inline Map of AWS runs at most so many iterations at a time.
const concurrencyMax = 40;

/** Runs the inner flow once for each item and returns the outputs in the order of the items. */
export async function runMap(visit: Visit): Promise<unknown[]> {
  const { state, start } = visit;
  const language = languageOf(state);
  const items = await language.items(state, scopeOf(visit));
  if (!Array.isArray(items)) {
    throw new StateFailure('States.Runtime', `The items of state "${visit.name}" are not an array`);
  }
  const asked = Number((await language.member(state, 'MaxConcurrency', scopeOf(visit))) ?? 0);
  const concurrency = asked === 0 ? concurrencyMax : Math.min(asked, concurrencyMax);
  record(visit, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  const { previousEvent } = visit.cursor;
  const iterations = items.map(
    (item: unknown, index) => (signal: AbortSignal) => iterate(visit, { item, index, previousEvent, signal }),
  );
  try {
    const results = await allOrNone(iterations, { signal: start.signal, concurrency });
    record(visit, 'MapStateSucceeded', {});
    return results;
  } catch (error) {
    start.signal.throwIfAborted();
    record(visit, 'MapStateFailed', {});
    throw error;
  }
}

interface Iteration {
  readonly item: unknown;
  readonly index: number;
  readonly previousEvent: number;
  readonly signal: AbortSignal;
}

async function iterate(visit: Visit, iteration: Iteration): Promise<unknown> {
  const { run, start, state, name, cursor } = visit;
  const { item, index, signal } = iteration;
  const flow = state.ItemProcessor;
  // The parser gives every Map a flow.
  if (flow === undefined) throw new Error(`State "${name}" has no ItemProcessor`);
  const context = { ...start.context, Map: { Item: { Index: index, Value: item } } };
  const scope: Scope = scopeOf({ ...visit, start: { ...start, context } });
  const details = { mapIterationStartedEventDetails: { name, index } };
  const previousEvent = run.event('MapIterationStarted', iteration.previousEvent, details);
  try {
    const input = await languageOf(state).itemInput(state, scope, item);
    const path = `${start.path}/${name}/${index}`;
    const { variables } = cursor;
    const output = await visit.runFlow(run, { path, flow, input, variables, context, previousEvent, signal });
    run.event('MapIterationSucceeded', previousEvent, { mapIterationSucceededEventDetails: { name, index } });
    return output;
  } catch (error) {
    if (!signal.aborted) {
      run.event('MapIterationFailed', previousEvent, { mapIterationFailedEventDetails: { name, index } });
    }
    throw error;
  }
}
