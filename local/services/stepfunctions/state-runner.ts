/** Runs one state: its work, its retries and its catchers. */
import { StateFailure, asFailure } from './failure.ts';
import { runMap } from './map-state.ts';
import { runParallel } from './parallel-state.ts';
import type { Outcome } from './query-language.ts';
import { covers, nextTry } from './retry.ts';
import { payloadText } from './run.ts';
import { sleepUntil } from './sleep.ts';
import { runTask } from './task-state.ts';
import { advance, languageOf, record, scopeOf } from './visit.ts';
import type { Visit } from './visit.ts';
import { runWait } from './wait-state.ts';

/** Outcome of a state with the event that it ends in. */
export interface Left extends Outcome {
  readonly previousEvent: number;
}

/** Runs a state until it has an outcome; throws a `StateFailure` that ends the flow. */
export async function runState(visit: Visit): Promise<Left> {
  for (;;) {
    try {
      const { retryAt } = visit.cursor.progress;
      if (retryAt !== undefined) await sleepUntil(retryAt, visit.start.signal);
      return leave(visit, await work(visit));
    } catch (thrown) {
      // An abort is for the whole flow, not for the catchers of the state that it happens to stand in.
      visit.start.signal.throwIfAborted();
      const failure = asFailure(thrown);
      if (prepareRetry(visit, failure)) continue;
      return await handle(visit, failure);
    }
  }
}

async function work(visit: Visit): Promise<Outcome> {
  const { state } = visit;
  const language = languageOf(state);
  const complete = async (result: unknown) => language.complete(state, scopeOf(visit), result);
  switch (state.Type) {
    case 'Task':
      return complete(await runTask(visit));
    case 'Parallel':
      return complete(await runParallel(visit));
    case 'Map':
      return complete(await runMap(visit));
    case 'Pass':
      return complete(state['Result'] ?? (await language.workInput(state, scopeOf(visit))));
    case 'Wait':
      await runWait(visit);
      return language.pass(state, scopeOf(visit));
    case 'Succeed':
      return language.pass(state, scopeOf(visit));
    case 'Choice':
      return choose(visit);
    case 'Fail':
      throw await failureOf(visit);
  }
}

async function choose(visit: Visit): Promise<Outcome> {
  const outcome = await languageOf(visit.state).choose(visit.state, scopeOf(visit));
  if (outcome !== undefined) return outcome;
  throw new StateFailure(
    'States.NoChoiceMatched',
    `No choice of state "${visit.name}" matched and it has no default`,
  );
}

async function failureOf(visit: Visit): Promise<StateFailure> {
  const language = languageOf(visit.state);
  const read = async (member: string) => (await language.member(visit.state, member, scopeOf(visit))) ?? '';
  return new StateFailure(String(await read('Error')), String(await read('Cause')));
}

function leave(visit: Visit, outcome: Outcome): Left {
  const output = payloadText(outcome.output, `state "${visit.name}"`);
  record(visit, `${visit.state.Type}StateExited`, { stateExitedEventDetails: { name: visit.name, output } });
  const next = outcome.next ?? visit.state.Next;
  const { previousEvent } = visit.cursor;
  return {
    output: outcome.output,
    variables: outcome.variables,
    previousEvent,
    ...(next === undefined ? {} : { next }),
  };
}

function prepareRetry(visit: Visit, failure: StateFailure): boolean {
  const { attempts = [], retryCount = 0, token } = visit.cursor.progress;
  const next = nextTry(visit.state.Retry ?? [], attempts, failure);
  if (next === undefined) return false;
  if (token !== undefined) visit.run.tokens.expire(token);
  visit.run.journal.clearCursors(visit.run.arn, `${visit.start.path}/${visit.name}`);
  // The new try begins with nothing but its counters.
  visit.cursor = { ...visit.cursor, progress: {} };
  advance(visit, { attempts: next.attempts, retryCount: retryCount + 1, retryAt: Date.now() + next.delayMs });
  return true;
}

async function handle(visit: Visit, failure: StateFailure): Promise<Left> {
  const { token } = visit.cursor.progress;
  if (token !== undefined) visit.run.tokens.expire(token);
  const catcher = (visit.state.Catch ?? []).find((one) => covers(one.ErrorEquals, failure));
  if (catcher === undefined) throw failure;
  const error = { Error: failure.error, Cause: failure.causeText };
  return leave(visit, await languageOf(visit.state).caught(catcher, scopeOf(visit), error));
}
