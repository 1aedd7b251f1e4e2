import type { SkipStrategy } from './match-definition.ts';
import type { MatchQueue } from './match-queue.ts';
import { compareEvents, type MatchEvent, type Taken, takenEvents } from './partial-match.ts';

/** Removes from `matches` what may not follow a match that ended in `last`. */
export function skipAfter(strategy: SkipStrategy, last: Taken | undefined, matches: MatchQueue): void {
  const boundary = boundaryOf(strategy, takenEvents(last));
  if (boundary === undefined) {
    return;
  }
  // A step that is skipped to may begin the next match; the whole match may not.
  const inclusive = strategy.kind === 'to-next' || strategy.kind === 'past-last';
  matches.removeIf(({ start }) => {
    if (start === undefined) {
      return false;
    }
    const difference = compareEvents(start, boundary);
    return difference < 0 || (inclusive && difference === 0);
  });
}

/** The event up to which no partial match may have begun. */
function boundaryOf(strategy: SkipStrategy, events: readonly Taken[]): MatchEvent | undefined {
  switch (strategy.kind) {
    case 'none':
      return undefined;
    case 'to-next':
      return events[0]?.event;
    case 'past-last':
      return events.at(-1)?.event;
    case 'to-first':
    case 'to-last':
      return eventToSkipTo(strategy, events);
  }
}

function eventToSkipTo(
  { kind, step, throwIfMissing }: Extract<SkipStrategy, { readonly step: string }>,
  events: readonly Taken[],
): MatchEvent | undefined {
  const ofStep = events.filter((taken) => taken.step === step);
  const event = (kind === 'to-first' ? ofStep[0] : ofStep.at(-1))?.event;
  if (throwIfMissing && event === undefined) {
    throw new Error(
      `Cannot skip to step "${step}": the match has no event of it; leave "throwIfMissing" out, or skip to a step that every match has`,
    );
  }
  if (throwIfMissing && event === events[0]?.event) {
    throw new Error(
      `Cannot skip to step "${step}": it has the first event of the match, so nothing would be skipped; skip to a later step`,
    );
  }
  return event;
}
