/** How the data of a state flows, in either query language. */
import type { JsonObject } from '../../input.ts';
import type { Catcher, State } from './definition.ts';

/** What expressions of a state can reach. */
export interface Scope {
  /** Input as the state got it. */
  readonly input: unknown;
  readonly context: JsonObject;
  readonly variables: JsonObject;
}

/** Data that leaves a state. */
export interface Outcome {
  readonly output: unknown;
  readonly variables: JsonObject;
  /** Set where the state itself decides what follows. */
  readonly next?: string;
}

/** An error as a catcher hands it on. */
export interface ErrorOutput {
  readonly Error: string;
  readonly Cause: string;
}

/** The points at which a state's members are evaluated. */
export interface QueryLanguage {
  /** Input of the work: what Task and Pass send on, and what Parallel gives each branch. */
  workInput(state: State, scope: Scope): Promise<unknown>;
  /** A member such as Seconds, given as a constant, an expression, or a path in `…Path`; undefined when absent. */
  member(state: State, name: string, scope: Scope): Promise<unknown>;
  /** The list that a Map goes through. */
  items(state: State, scope: Scope): Promise<unknown>;
  /** Input of one iteration; its context already holds the item. */
  itemInput(state: State, scope: Scope, item: unknown): Promise<unknown>;
  /** Outcome of a Choice; undefined when nothing matches and there is no default. */
  choose(state: State, scope: Scope): Promise<Outcome | undefined>;
  /** Outcome of a state whose work gave a result. */
  complete(state: State, scope: Scope, result: unknown): Promise<Outcome>;
  /** Outcome of a state that only passes its input on: Wait and Succeed. */
  pass(state: State, scope: Scope): Promise<Outcome>;
  /** Outcome of a state whose error was caught. */
  caught(catcher: Catcher, scope: Scope, error: ErrorOutput): Promise<Outcome>;
}
