import { ANY, and, type EventTest, not } from './event-test.ts';
import { isLoop, type PatternStep } from './match-definition.ts';
import { matchFields } from './match-fields.ts';
import { type Action, addTransition, type NfaState, type Transition } from './nfa-state.ts';
import { PatternPlace, type StepRow } from './pattern-place.ts';
import type { SoFar } from './so-far.ts';
import { withinOf } from './pattern-check.ts';

/** A pattern as states and the ways between them. */
export interface Nfa {
  readonly start: NfaState;
  readonly states: ReadonlyMap<string, NfaState>;
  /** A match must end in less than this time after its start. */
  readonly withinMs: number | undefined;
}

/**
 * Compiles a pattern; its conditions will see what `soFar` looks at.
 *
 * Source: Flink's `NFACompiler`, whose states and ways these are: it goes from the last step to the first, so that
 * every step knows where its ways lead.
 */
export function compilePattern(steps: readonly PatternStep[], soFar: SoFar): Nfa {
  const compiler = new PatternCompiler(soFar, withinOf(steps));
  const start = compiler.compile(steps);
  return { start, states: compiler.states, withinMs: compiler.withinMs };
}

const END = '(end)';

/** Where the ways of one repetition of a step lead, and what they let pass. */
interface Ways {
  /** Behind an event that is taken. */
  readonly sink: NfaState;
  /** Behind a step that takes none. */
  readonly proceed: NfaState;
  readonly take: EventTest;
  readonly ignore: EventTest | undefined;
  readonly optional: boolean;
  readonly firstTime: boolean;
}

class PatternCompiler {
  readonly states = new Map<string, NfaState>();
  readonly withinMs: number | undefined;
  readonly #soFar: SoFar;
  readonly #stops = new Map<string, NfaState>();
  /** States as they were before a greedy loop narrowed them, by name: there the loop goes on when its `until` comes. */
  readonly #unnarrowed = new Map<string, NfaState>();

  constructor(soFar: SoFar, withinMs: number | undefined) {
    this.#soFar = soFar;
    this.withinMs = withinMs;
  }

  compile(steps: readonly PatternStep[]): NfaState {
    const end = this.#state(END, 'final');
    const start = this.#row({ steps, fields: matchFields(steps), firstTime: true }, end);
    start.kind = 'start';
    for (const state of this.states.values()) {
      state.nearEnd = this.#reachesEnd(state, new Set());
    }
    return start;
  }

  #row(row: StepRow, sink: NfaState): NfaState {
    let next = sink;
    for (let index = row.steps.length - 1; index >= 0; index--) {
      next = this.#step(new PatternPlace(row, index, this.#soFar), next);
    }
    return next;
  }

  #step(place: PatternPlace, sink: NfaState): NfaState {
    switch (place.step.contiguity) {
      case 'not-followed-by':
        return this.#absentUntilNext(place, sink);
      case 'not-next':
        return this.#absentAtOnce(place, sink);
      default:
        return this.#present(place, sink);
    }
  }

  /** Forbidden events are found by the ways of the step behind; only at the end of a pattern it takes a state to wait in. */
  #absentUntilNext(place: PatternPlace, sink: NfaState): NfaState {
    const timed = this.withinMs !== undefined || place.step.withinPreviousMs !== undefined;
    if (sink.kind !== 'final' || !timed) {
      return sink;
    }
    const waiting = this.#stateOf(place, 'pending');
    addTransition(waiting, 'proceed', this.#stop(place, place.step));
    addTransition(waiting, 'ignore', { target: waiting, test: not(place.take) });
    return waiting;
  }

  #absentAtOnce(place: PatternPlace, sink: NfaState): NfaState {
    const looking = this.#stateOf(place, 'normal');
    // At the end of a pattern it takes one more event to know that the forbidden one did not come.
    const action: Action = sink.kind === 'final' ? 'ignore' : 'proceed';
    addTransition(looking, action, { target: sink, test: not(place.take) });
    addTransition(looking, 'proceed', this.#stop(place, place.step));
    return looking;
  }

  #present(place: PatternPlace, sink: NfaState): NfaState {
    const { step } = place;
    const first = isLoop(step)
      ? this.#times(place, this.#loop(place, this.#withoutAbsences(place, sink)), sink)
      : this.#times(place, sink, sink);
    this.#addStops(place, first);
    return first;
  }

  /** As many states as the step takes events, of which those above the lower bound may be left out. */
  #times(place: PatternPlace, sink: NfaState, proceed: NfaState): NfaState {
    const { times, greedy, optional } = place.step;
    const from = times?.from ?? 1;
    const to = times?.to ?? from;
    const take = place.takeInLoop;
    const again = { proceed, take, ignore: place.ignoreInLoop, firstTime: false };
    if (greedy && from !== to) {
      narrow(sink, take);
    }
    let next = sink;
    for (let count = to; count > 1; count--) {
      next = this.#once(place, { ...again, sink: next, optional: count > from });
      this.#addStopOfFollowing(place, next);
    }
    return this.#once(place, {
      ...again,
      sink: next,
      ignore: place.ignore,
      optional,
      firstTime: true,
    });
  }

  #once(place: PatternPlace, ways: Ways): NfaState {
    if (place.step.group !== undefined) {
      return this.#groupOnce(place, ways);
    }
    const state = this.#stateOf(place, 'normal');
    const sink = this.#withoutAbsences(place, ways.sink);
    addTransition(state, 'take', { target: sink, test: ways.take });
    if (ways.optional) {
      this.#leave(place, state, ways.proceed);
    }
    if (ways.ignore !== undefined) {
      const ignoring =
        ways.optional || place.headsOptionalGroup ? this.#ignoringState(place, { ...ways, sink }) : state;
      addTransition(state, 'ignore', { target: ignoring, test: ways.ignore });
    }
    return state;
  }

  /** Like the state itself without its way on: whoever ignored an event here has decided that the step will come. */
  #ignoringState(place: PatternPlace, { sink, take, ignore = ANY }: Ways): NfaState {
    const ignoring = this.#state(place.step.name, 'normal');
    addTransition(ignoring, 'take', { target: sink, test: take });
    addTransition(ignoring, 'ignore', { target: ignoring, test: ignore });
    this.#addStops(place, ignoring);
    return ignoring;
  }

  #leave(place: PatternPlace, state: NfaState, target: NfaState): void {
    const { until } = place;
    if (!place.step.greedy || until === undefined) {
      addTransition(state, 'proceed', { target, test: place.proceed });
      return;
    }
    const atEnd = this.#unnarrowed.get(target.name) ?? target;
    addTransition(state, 'proceed', { target: atEnd, test: and(place.proceed, until) });
    addTransition(state, 'proceed', { target, test: and(place.proceed, not(until)) });
  }

  #groupOnce(place: PatternPlace, { sink, proceed, optional, firstTime }: Ways): NfaState {
    const first = this.#row(groupRow(place, firstTime), sink);
    if (optional) {
      addTransition(first, 'proceed', { target: proceed, test: place.proceed });
    }
    return first;
  }

  /** The state that takes any number of further events. */
  #loop(place: PatternPlace, sink: NfaState): NfaState {
    if (place.step.group !== undefined) {
      return this.#groupLoop(place, sink);
    }
    const [take, ignore] = [place.takeInLoop, place.ignoreInLoop];
    const loop = this.#stateOf(place, 'normal');
    if (place.step.greedy) {
      if (place.step.until !== undefined) {
        this.#unnarrowed.set(sink.name, this.#copy(sink));
      }
      this.#leave(place, loop, sink);
      narrow(sink, place.take);
    } else {
      addTransition(loop, 'proceed', { target: sink, test: place.proceed });
    }
    addTransition(loop, 'take', { target: loop, test: take });
    this.#addStopOfFollowing(place, loop);
    if (ignore !== undefined) {
      const ignoring = this.#state(place.step.name, 'normal');
      addTransition(ignoring, 'take', { target: loop, test: take });
      addTransition(ignoring, 'ignore', { target: ignoring, test: ignore });
      addTransition(loop, 'ignore', { target: ignoring, test: ignore });
      this.#addStopOfFollowing(place, ignoring);
    }
    return loop;
  }

  #groupLoop(place: PatternPlace, sink: NfaState): NfaState {
    // The last step of the group leads here, and from here back to its first.
    const again = this.#stateOf(place, 'normal');
    const first = this.#row(groupRow(place, false), again);
    addTransition(first, 'proceed', { target: sink, test: place.proceed });
    addTransition(again, 'proceed', { target: first, test: place.proceed });
    return first;
  }

  /**
   * What follows an optional step whose event was taken: what had to be absent before may come from then on.
   * Gives the state itself where nothing changes.
   */
  #withoutAbsences(place: PatternPlace, state: NfaState): NfaState {
    const forbidden = new Set(place.absences.map(({ name }) => this.#stops.get(name)));
    if (forbidden.size === 0 || !place.step.optional) {
      return state;
    }
    const copy = this.#state(state.step, state.kind);
    for (const transition of state.transitions) {
      const { action, target, test } = transition;
      if (action !== 'proceed') {
        addTransition(copy, action, { target: target === state ? copy : target, test });
      } else if (target.kind !== 'stop') {
        addTransition(copy, action, { target: this.#withoutAbsences(place, target), test });
      } else if (!forbidden.has(target)) {
        addTransition(copy, action, { target, test });
      }
    }
    return copy;
  }

  #copy(state: NfaState): NfaState {
    const copy = this.#state(state.step, state.kind);
    for (const { action, target, test } of state.transitions) {
      addTransition(copy, action, { target: target === state ? copy : target, test });
    }
    return copy;
  }

  #addStops(place: PatternPlace, state: NfaState): void {
    for (const absence of place.absences) {
      addTransition(state, 'proceed', this.#stop(place, absence));
    }
  }

  #addStopOfFollowing(place: PatternPlace, state: NfaState): void {
    const { following } = place;
    if (following?.contiguity === 'not-followed-by') {
      addTransition(state, 'proceed', this.#stop(place, following));
    }
  }

  /** The way to where matches end that met a forbidden event; one such state per step. */
  #stop(place: PatternPlace, absence: PatternStep): Pick<Transition, 'target' | 'test'> {
    const test = place.takeOf(absence);
    const known = this.#stops.get(absence.name);
    if (known !== undefined) {
      return { target: known, test };
    }
    const stop = this.#state(absence.name, 'stop');
    addTransition(stop, 'take', { target: stop, test });
    this.#stops.set(absence.name, stop);
    return { target: stop, test };
  }

  /** A state in which matches may wait for an event of the step. */
  #stateOf({ step }: PatternPlace, kind: NfaState['kind']): NfaState {
    // Flink compares neighbours in time only for steps that take one event.
    return this.#state(step.name, kind, step.times === undefined ? step.withinPreviousMs : undefined);
  }

  #state(step: string, kind: NfaState['kind'], withinPreviousMs?: number): NfaState {
    let name = step;
    for (let count = 2; this.states.has(name); count++) {
      name = `${step}:${count}`;
    }
    const state: NfaState = { name, step, kind, transitions: [], withinPreviousMs, nearEnd: false };
    this.states.set(name, state);
    return state;
  }

  #reachesEnd(state: NfaState, seen: Set<NfaState>): boolean {
    if (seen.has(state)) {
      return false;
    }
    seen.add(state);
    return state.transitions.some(
      ({ action, target }) =>
        action === 'proceed' && (target.kind === 'final' || this.#reachesEnd(target, seen)),
    );
  }
}

function groupRow({ step, row, following }: PatternPlace, firstTime: boolean): StepRow {
  const steps = step.group ?? [];
  const inside = new Map(matchFields(steps).map((field) => [field.step, field]));
  return {
    steps,
    fields: row.fields.map((field) => inside.get(field.step) ?? field),
    outerFields: row.fields,
    group: step,
    firstTime,
    following,
  };
}

/** Lets a greedy step take what it can before anything of the state behind it does. */
function narrow(state: NfaState, take: EventTest): void {
  for (const transition of state.transitions) {
    transition.test = and(transition.test, not(take));
  }
}
