import type { EventTest } from './event-test.ts';

/** Taking an event moves on with it, ignoring moves on without it, proceeding lets another state look at the same event. */
export type Action = 'take' | 'ignore' | 'proceed';

/** A way from one state to another, open to events that pass its test. */
export interface Transition {
  readonly action: Action;
  readonly source: NfaState;
  readonly target: NfaState;
  /** A greedy step narrows the tests of the step behind it while the pattern is compiled. */
  test: EventTest;
}

/**
 * Where partial matches wait. They match by absence if they are `pending` when their time is over, and are given up
 * once they come to a `stop`.
 *
 * Contract: the name is unique in the pattern and the same in every run of it, since snapshots carry it.
 */
export interface NfaState {
  readonly name: string;
  /** The step whose events are taken here. */
  readonly step: string;
  kind: 'start' | 'normal' | 'pending' | 'stop' | 'final';
  readonly transitions: Transition[];
  /** The next event must come in less than this time after the one before. */
  readonly withinPreviousMs: number | undefined;
  /** True where the end may be reached without a further event. */
  nearEnd: boolean;
}

export function addTransition(
  source: NfaState,
  action: Action,
  { target, test }: { readonly target: NfaState; readonly test: EventTest },
): void {
  source.transitions.push({ action, source, target, test });
}
