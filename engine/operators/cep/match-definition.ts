/** A condition of a step: the event at hand, and what the partial match took so far by the names of its steps. */
export type Condition = (event: never, soFar: never) => boolean;

/** How a step follows the one before it; `begin` is the first of a pattern or of a group. */
export type Contiguity =
  | 'begin'
  | 'next'
  | 'followed-by'
  | 'followed-by-any'
  | 'not-next'
  | 'not-followed-by';

/** What may lie between the events of a step that takes several: others, nothing, or even events that it could take. */
export type Between = 'relaxed' | 'consecutive' | 'combinations';

/**
 * One step of a pattern, or a group of steps that counts as one.
 *
 * Units and shape: `times` is there where the step takes several events, without `to` any number from `from` on.
 * `withinMs` is the time that the whole match may take, `withinPreviousMs` the time since the event before.
 */
export interface PatternStep {
  readonly name: string;
  readonly contiguity: Contiguity;
  readonly group?: readonly PatternStep[];
  readonly where?: Condition;
  readonly until?: Condition;
  readonly times?: { readonly from: number; readonly to?: number };
  readonly between: Between;
  readonly greedy: boolean;
  readonly optional: boolean;
  readonly withinMs?: number;
  readonly withinPreviousMs?: number;
}

/** Which partial matches go when a match was found. Source: Flink's `AfterMatchSkipStrategy`. */
export type SkipStrategy =
  | { readonly kind: 'none' | 'to-next' | 'past-last' }
  | {
      readonly kind: 'to-first' | 'to-last';
      readonly step: string;
      /** Fails where the match has no event of the step, or where nothing would be skipped. */
      readonly throwIfMissing: boolean;
    };

/** Looks for a pattern in the events of each key, or of the whole stream. */
export interface MatchDefinition {
  readonly kind: 'match';
  readonly steps: readonly PatternStep[];
  readonly skip: SkipStrategy;
  readonly time: 'event' | 'processing';
  /** Orders events of equal time; without it they are taken as they came. */
  readonly comparator?: (left: never, right: never) => number;
}

/** True for steps that say what must not come. */
export function isAbsence({ contiguity }: PatternStep): boolean {
  return contiguity === 'not-next' || contiguity === 'not-followed-by';
}

/** True for steps without an upper bound. */
export function isLoop({ times }: PatternStep): boolean {
  return times !== undefined && times.to === undefined;
}
