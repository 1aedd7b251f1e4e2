import { isAbsence, isLoop, type PatternStep, type SkipStrategy } from './match-definition.ts';

/**
 * Refuses a step that a pattern cannot have behind `before`.
 *
 * Errors: a sentence that names the step and the remedy. Source: what Flink's `Pattern` and `Quantifier` refuse.
 */
export function checkStep(step: PatternStep, before: readonly PatternStep[]): void {
  const fault =
    nameFault(step, before) ?? quantifierFault(step) ?? groupFault(step) ?? absenceFault(step, before.at(-1));
  if (fault !== undefined) {
    throw new Error(`Cannot add step "${step.name}" to a pattern: ${fault}`);
  }
}

/** Refuses a whole pattern that could never end, or a strategy that skips to nowhere; gives what is wrong. */
export function patternFault(steps: readonly PatternStep[], skip: SkipStrategy): string | undefined {
  const last = steps.at(-1);
  const withinMs = withinOf(steps);
  if (last === undefined) {
    return 'its pattern has no steps; begin one with pattern().begin(…)';
  }
  if (
    last.contiguity === 'not-followed-by' &&
    withinMs === undefined &&
    last.withinPreviousMs === undefined
  ) {
    return `its pattern ends with notFollowedBy "${last.name}" and has no end in time; give it a "within"`;
  }
  const longer = allSteps(steps).find(
    ({ withinPreviousMs = 0, times, group }) =>
      times === undefined && group === undefined && withinPreviousMs > (withinMs ?? Infinity),
  );
  if (longer !== undefined) {
    return `its step "${longer.name}" may come ${longer.withinPreviousMs} ms after the one before, the whole match may take ${withinMs} ms; make the whole longer`;
  }
  // As in Flink, a match is skipped by its steps and not by what is inside of groups.
  if ('step' in skip && !steps.some(({ name }) => name === skip.step)) {
    return `it skips to step "${skip.step}", the pattern has ${steps.map(({ name }) => `"${name}"`).join(', ')}`;
  }
  return undefined;
}

/** The time that a match may take: the smallest of all that its steps say. */
export function withinOf(steps: readonly PatternStep[]): number | undefined {
  const times = allSteps(steps).flatMap(({ withinMs = [] }) => withinMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

function allSteps(steps: readonly PatternStep[]): readonly PatternStep[] {
  return steps.flatMap((step) => [step, ...allSteps(step.group ?? [])]);
}

function nameFault(step: PatternStep, before: readonly PatternStep[]): string | undefined {
  if (typeof step.name !== 'string' || step.name.trim() === '') {
    return 'it has no name; give a text as first argument';
  }
  const own = allSteps([step]).filter(({ group }) => group === undefined);
  const names = new Set(allSteps(before).map(({ name }) => name));
  const twice = own.find(({ name }) => names.has(name));
  return twice && `the pattern has a step "${twice.name}" already; names are the fields of a match`;
}

function quantifierFault({ times, between, greedy, group }: PatternStep): string | undefined {
  if (times === undefined && between !== 'relaxed') {
    return `it takes one event, so "${between === 'consecutive' ? between : 'allowCombinations'}" says nothing; add "times" or "oneOrMore"`;
  }
  if (times === undefined) {
    return greedy ? 'it is greedy and takes one event; add "times" or "oneOrMore"' : undefined;
  }
  const { from, to = from } = times;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || to < from) {
    return `it is to come ${from} to ${to} times; give whole numbers above zero, the smaller one first`;
  }
  if (greedy && group !== undefined) {
    return 'a group cannot be greedy; make its steps greedy';
  }
  return greedy && between === 'combinations'
    ? 'it is greedy, and combinations leave events out; choose one of them'
    : undefined;
}

function groupFault(step: PatternStep): string | undefined {
  const { group } = step;
  if (step.until !== undefined && !isLoop(step)) {
    return 'only steps that may come any number of times have an "until"; add "oneOrMore" or "timesOrMore"';
  }
  if (group === undefined) {
    return undefined;
  }
  if (group.length === 0) {
    return 'its group has no steps; begin it with pattern().begin(…)';
  }
  if (step.where !== undefined) {
    return 'a group has no condition of its own; give one to its steps';
  }
  return isLoop(step) && group.every(mayBeEmpty)
    ? 'every step of its group is optional, so that it could repeat without an event; make one of them required'
    : undefined;
}

/** True for steps that a match may pass without an event. */
function mayBeEmpty(step: PatternStep): boolean {
  return step.optional || isAbsence(step) || step.group?.every(mayBeEmpty) === true;
}

function absenceFault(step: PatternStep, before: PatternStep | undefined): string | undefined {
  if (!isAbsence(step)) {
    return undefined;
  }
  if (step.group !== undefined) {
    return 'a group cannot be what must not come; forbid one step';
  }
  if (step.times !== undefined || step.optional || step.until !== undefined) {
    return 'what must not come has no number of times; leave out all but its condition';
  }
  return before?.optional === true
    ? 'it must not come, and the step before is optional; write two patterns, with and without that step'
    : undefined;
}
