/** A state while it is being run, and what its work may do. */
import type { JsonObject } from '../../input.ts';
import type { Cursor, Progress } from './cursor.ts';
import type { Flow, State } from './definition.ts';
import { jsonPathLanguage } from './json-path-language.ts';
import { jsonataLanguage } from './jsonata-language.ts';
import type { QueryLanguage, Scope } from './query-language.ts';
import type { Run } from './run.ts';

/** A flow within an execution. */
export interface FlowStart {
  /** '' for the machine itself, else the place of the branch or iteration, such as `/Each[3]`. */
  readonly path: string;
  readonly flow: Flow;
  readonly input: unknown;
  readonly variables: JsonObject;
  /** Members that an enclosing Map adds to the context. */
  readonly context: JsonObject;
  readonly previousEvent: number;
  readonly signal: AbortSignal;
}

/** A state that is being run. */
export interface Visit {
  readonly run: Run;
  readonly start: FlowStart;
  /** Runs a flow within this state: a branch or an iteration. */
  readonly runFlow: (run: Run, start: FlowStart) => Promise<unknown>;
  readonly name: string;
  readonly state: State;
  /** Replaced by `advance`, never changed in place. */
  cursor: Extract<Cursor, { state: string }>;
}

/** Stores how far the work has come; a crash after this goes on from here. */
export function advance(visit: Visit, progress: Progress): void {
  visit.cursor = { ...visit.cursor, progress: { ...visit.cursor.progress, ...progress } };
  visit.run.journal.putCursor(visit.run.arn, visit.start.path, visit.cursor);
}

/** Adds to the history behind the last event of this flow. */
export function record(visit: Visit, type: string, details: JsonObject): void {
  const previousEvent = visit.run.event(type, visit.cursor.previousEvent, details);
  visit.cursor = { ...visit.cursor, previousEvent };
}

/** What the state's expressions can reach. */
export function scopeOf(visit: Visit): Scope {
  const { name, cursor, run, start } = visit;
  const { token, retryCount = 0 } = cursor.progress;
  const context = {
    ...run.context,
    ...start.context,
    State: { Name: name, EnteredTime: new Date(cursor.enteredAt).toISOString(), RetryCount: retryCount },
    ...(token === undefined ? {} : { Task: { Token: token } }),
  };
  return { input: cursor.input, context, variables: cursor.variables };
}

/** The language that the state is written in. */
export function languageOf(state: State): QueryLanguage {
  return state.QueryLanguage === 'JSONata' ? jsonataLanguage : jsonPathLanguage;
}
