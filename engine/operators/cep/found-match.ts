import type { MatchField } from './match-fields.ts';
import { type Taken, takenEvents } from './partial-match.ts';

/** The record of a match: one property per step, lists where a step may take several events. */
export function foundMatch(fields: readonly MatchField[], last: Taken | undefined): Record<string, unknown> {
  const events = eventsByStep(last);
  const match: Record<string, unknown> = {};
  for (const { step, kind } of fields) {
    const ofStep = events.get(step) ?? [];
    match[step] = kind === 'many' ? ofStep : ofStep[0];
  }
  return match;
}

/** As {@link foundMatch}, without the steps that have no event yet. */
export function partOfMatch(fields: readonly MatchField[], last: Taken | undefined): Record<string, unknown> {
  const events = eventsByStep(last);
  return foundMatch(
    fields.filter(({ step }) => events.has(step)),
    last,
  );
}

function eventsByStep(last: Taken | undefined): ReadonlyMap<string, readonly unknown[]> {
  const events = new Map<string, unknown[]>();
  for (const { step, event } of takenEvents(last)) {
    const ofStep = events.get(step);
    if (ofStep === undefined) {
      events.set(step, [event.value]);
    } else {
      ofStep.push(event.value);
    }
  }
  return events;
}
