/**
 * All schedules with one deviation: for a deployment in every status, every verb of one caller beside every verb of
 * another, whatever else may happen at every action instead of what happens when all goes well, and all goes well from
 * there on. A deviation is a fault, another order, a sweep, a commit, or the clock going on.
 */
import './silence.ts';
import type { Verb } from '#contract/verbs.ts';
import { verbs } from '#contract/verbs.ts';
import { beginningOf, beginnings } from './beginnings.ts';
import type { Beginning } from './beginnings.ts';
import type { Bug } from './bugs.ts';
import { Caller } from './caller.ts';
import { explore } from './explore.ts';
import { BAD_VERSION, playedVerbs, requestOf } from './requests.ts';
import { deviatingSchedule } from './schedule.ts';
import type { Deviation } from './schedule.ts';
import type { World } from './world.ts';

/** Where a family of schedules begins, and who asks what. */
export interface Family {
  readonly status: Beginning;
  readonly first: Verb;
  /** Of an upgrade. */
  readonly version?: number;
  /** Of all callers. */
  readonly whenBusy?: 'queue';
  /** Of the other caller, at the same moment. */
  readonly second?: Verb | undefined;
}

/** A schedule that broke a rule. */
export interface Broken extends Family {
  readonly deviation: Deviation | undefined;
  readonly violations: readonly string[];
}

const prepared = new Map<Beginning, Promise<World>>();

/** Every verb in every status in which it is legal, alone. */
export const alone: readonly Family[] = beginnings.flatMap((status) =>
  playedVerbs
    .filter((verb) => verbs[verb].legalIn.includes(status))
    .flatMap((first): Family[] =>
      first === 'upgrade'
        ? [
            { status, first },
            { status, first, version: BAD_VERSION },
          ]
        : [{ status, first }],
    ),
);

/** The same beside every verb of a second caller, whatever it may be answered. */
export const together: readonly Family[] = alone.flatMap((family) =>
  playedVerbs.map((second) => ({ ...family, second })),
);

/** Carries out one schedule; `seen` learns what might have happened at every action. */
export async function exploreDeviation(
  family: Family,
  deviation: Deviation | undefined,
  options: { readonly bug?: Bug | undefined; readonly say?: (line: string) => void; seen?: string[][] } = {},
): Promise<readonly string[]> {
  const { status, first, second, version, whenBusy } = family;
  const begun = prepared.get(status) ?? beginningOf(status);
  prepared.set(status, begun);
  const world = (await begun).copy(options.say);
  world.bug = options.bug;
  world.faultsLeft = 1;
  const callers = [new Caller(world, 'a', [() => ({ ...requestOf(world, first, version), whenBusy })])];
  if (second !== undefined)
    callers.push(new Caller(world, 'b', [() => ({ ...requestOf(world, second), whenBusy })]));
  const deviations = deviation === undefined ? [] : [deviation];
  await explore(world, callers, deviatingSchedule(deviations, options.seen));
  return world.judge.violations;
}

/**
 * Carries out all of a family, or every so-manieth of it; answers how many there were, and which broke a rule. For a
 * planted fault only the deviations that can bring it to light are taken.
 */
export async function exploreFamily(
  family: Family,
  options: { readonly bug?: Bug; readonly every?: number; readonly untilBroken?: boolean } = {},
): Promise<{ readonly schedules: number; readonly broken: Broken[] }> {
  const { every = 1, untilBroken = false, ...rest } = options;
  const seen: string[][] = [];
  const broken: Broken[] = [];
  const note = (deviation: Deviation | undefined, violations: readonly string[]): void => {
    if (violations.length > 0) broken.push({ ...family, deviation, violations });
  };
  note(undefined, await exploreDeviation(family, undefined, { ...rest, seen }));
  const all = seen.flatMap((labels, at) => labels.map((label, choice) => ({ at, choice, label })));
  const { shownBy = /^/ } = options.bug ?? {};
  const chosen = all
    .filter(({ choice, label }) => choice > 0 && shownBy.test(label))
    .filter((_, index) => index % every === 0);
  for (const { at, choice } of chosen) {
    const deviation = { at, choice };
    if (untilBroken && broken.length > 0) break;
    note(deviation, await exploreDeviation(family, deviation, rest));
  }
  return { schedules: chosen.length + 1, broken };
}
