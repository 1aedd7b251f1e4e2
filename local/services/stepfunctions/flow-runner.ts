/** Walks a flow from state to state; each step is in the journal before the next begins. */
import { isObject } from '../../input.ts';
import type { Cursor } from './cursor.ts';
import type { Flow, State } from './definition.ts';
import { payloadText } from './run.ts';
import type { Run } from './run.ts';
import { runState } from './state-runner.ts';
import type { FlowStart } from './visit.ts';

type InState = Extract<Cursor, { state: string }>;

/** Runs a flow to its end and returns its output; goes on from its cursor when there is one. */
export async function runFlow(run: Run, start: FlowStart): Promise<unknown> {
  // Only this function writes cursors.
  const known = run.journal.cursor(run.arn, start.path) as Cursor | undefined;
  if (known !== undefined && 'done' in known) return known.output;
  const first = { input: start.input, variables: start.variables, previousEvent: start.previousEvent };
  let cursor = known ?? enter(run, start, start.flow.StartAt, first);
  for (;;) {
    start.signal.throwIfAborted();
    const state = stateOf(start.flow, cursor.state);
    const visit = { run, start, runFlow, name: cursor.state, state, cursor };
    const { output, variables, next, previousEvent } = await runState(visit);
    if (next === undefined) return finish(run, start, { state: cursor.state, output });
    run.journal.clearCursors(run.arn, `${start.path}/${cursor.state}`);
    cursor = enter(run, start, next, { input: output, variables, previousEvent });
  }
}

function enter(
  run: Run,
  start: FlowStart,
  name: string,
  given: Pick<InState, 'input' | 'variables' | 'previousEvent'>,
): InState {
  const { Type } = stateOf(start.flow, name);
  return run.journal.atomically(() => {
    const details = {
      stateEnteredEventDetails: { name, input: payloadText(given.input, `state "${name}"`) },
    };
    const previousEvent = run.event(`${Type}StateEntered`, given.previousEvent, details);
    const cursor = { ...given, state: name, enteredAt: Date.now(), previousEvent, progress: {} };
    run.journal.putCursor(run.arn, start.path, cursor);
    return cursor;
  });
}

function finish(run: Run, start: FlowStart, end: { state: string; output: unknown }): unknown {
  run.journal.atomically(() => {
    run.journal.clearCursors(run.arn, `${start.path}/${end.state}`);
    run.journal.putCursor(run.arn, start.path, { done: true, output: end.output ?? null });
  });
  return end.output;
}

function stateOf(flow: Flow, name: string): State {
  const state = Object.hasOwn(flow.States, name) ? flow.States[name] : undefined;
  // The parser has checked every name that can come here.
  if (!isObject(state)) throw new Error(`There is no state "${name}"`);
  return state;
}
