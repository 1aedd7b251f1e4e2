import { ANY, and, type EventTest, not } from './event-test.ts';
import type { Between, Condition, Contiguity, PatternStep } from './match-definition.ts';
import type { MatchField } from './match-fields.ts';
import type { SoFar } from './so-far.ts';

/** A row of steps that is being compiled: the pattern itself, or a group with what surrounds it. */
export interface StepRow {
  readonly steps: readonly PatternStep[];
  /** What conditions of these steps see: of a group that repeats, the latest event of each of its steps. */
  readonly fields: readonly MatchField[];
  /** What the `until` of the group sees. */
  readonly outerFields?: readonly MatchField[];
  /** The group that the steps are of. */
  readonly group?: PatternStep;
  /** False in the repetitions of a group that may come several times. */
  readonly firstTime: boolean;
  /** What follows the group. */
  readonly following?: PatternStep | undefined;
}

/** What may pass over an event between two others: everything, what the step does not take, or nothing. */
type Leniency = 'any' | 'other' | 'nothing';

const LENIENCY: Readonly<Record<Contiguity | Between, Leniency>> = {
  begin: 'nothing',
  next: 'nothing',
  'followed-by': 'other',
  'followed-by-any': 'any',
  'not-next': 'nothing',
  'not-followed-by': 'nothing',
  relaxed: 'other',
  consecutive: 'nothing',
  combinations: 'any',
};

/** A step where it stands in its row, and the tests that follow from that. */
export class PatternPlace {
  readonly step: PatternStep;
  readonly row: StepRow;
  readonly #index: number;
  readonly #soFar: SoFar;

  constructor(row: StepRow, index: number, soFar: SoFar) {
    const step = row.steps[index];
    if (step === undefined) {
      throw new Error(`Cannot compile pattern: its row of ${row.steps.length} steps has none at ${index}`);
    }
    this.step = step;
    this.row = row;
    this.#index = index;
    this.#soFar = soFar;
  }

  get following(): PatternStep | undefined {
    return this.row.steps[this.#index + 1] ?? this.row.following;
  }

  /** True for the first step of an optional group, where the group may be passed by. */
  get headsOptionalGroup(): boolean {
    return this.#headsGroup && this.row.firstTime && this.row.group?.optional === true;
  }

  /** The steps before that say what must not come before this one, as far back as optional steps lead. */
  get absences(): readonly PatternStep[] {
    const found: PatternStep[] = [];
    for (let index = this.#index - 1; index >= 0; index--) {
      const before = this.row.steps[index];
      if (before?.contiguity === 'not-followed-by') {
        found.push(before);
      } else if (before?.optional !== true) {
        break;
      }
    }
    return found;
  }

  /** Passes what the step takes; of steps with `until` see {@link takeInLoop}. */
  get take(): EventTest {
    return this.takeOf(this.step);
  }

  takeOf({ where, name }: PatternStep): EventTest {
    return this.#untilGroupEnds(this.#test(where, name) ?? ANY);
  }

  get takeInLoop(): EventTest {
    return this.until === undefined ? this.take : and(not(this.until), this.take);
  }

  /** Passes what may come before the step; undefined where nothing may. */
  get ignore(): EventTest | undefined {
    const { group, firstTime } = this.row;
    if (!this.#headsGroup || group === undefined) {
      return this.#ignoring(this.step.contiguity);
    }
    return this.#ignoring(firstTime ? group.contiguity : group.between);
  }

  /** Passes what may come between the events of the step; undefined where nothing may. */
  get ignoreInLoop(): EventTest | undefined {
    const { group } = this.row;
    const ignoring = this.#ignoring(
      this.#headsGroup && group !== undefined ? group.between : this.step.between,
    );
    return ignoring === undefined || this.until === undefined ? ignoring : and(not(this.until), ignoring);
  }

  /** Passes what ends the repetitions of the step; undefined where nothing does. */
  get until(): EventTest | undefined {
    return this.#test(this.step.until, this.step.name);
  }

  /** Passes what the step may be left with. */
  get proceed(): EventTest {
    return this.#untilGroupEnds(ANY);
  }

  get #headsGroup(): boolean {
    return this.row.group !== undefined && this.#index === 0;
  }

  #ignoring(how: Contiguity | Between): EventTest | undefined {
    const { where, name } = this.step;
    switch (LENIENCY[how]) {
      case 'nothing':
        return undefined;
      case 'any':
        return this.#untilGroupEnds(ANY);
      case 'other':
        return this.#untilGroupEnds(not(this.#test(where, name) ?? ANY));
    }
  }

  #untilGroupEnds(test: EventTest): EventTest {
    const { group, outerFields } = this.row;
    const until = group && this.#test(group.until, group.name, outerFields);
    return until === undefined ? test : and(not(until), test);
  }

  #test(condition: Condition | undefined, own: string, fields = this.row.fields): EventTest | undefined {
    if (condition === undefined) {
      return undefined;
    }
    // The graph joins only what fits, so conditions take the events and the view that they are given.
    const ask = condition as (event: unknown, soFar: unknown) => unknown;
    const view = this.#soFar.viewFor(own, fields);
    return (event) => ask(event, view) === true;
  }
}
