/** Windows of any kind as plain data: assigners, triggers, evictors and functions, and the operator that they make up. */
import type { Schema } from '../../data/schema.ts';
import type { StateDeclaration } from '../../state/declaration.ts';
import type { Aggregate } from '../aggregate.ts';

/** Whose clock moves windows on. */
export type WindowTime = 'event' | 'processing';

/** Where windows begin within their period: all at its start, or from the moment on at which the first record came. */
export type WindowStagger = 'aligned' | 'natural';

/** Which windows a record belongs to; all numbers in ms, windows are [start, end). */
export type GeneralAssigner =
  | {
      readonly kind: 'tumbling';
      readonly sizeMs: number;
      readonly offsetMs: number;
      readonly time: WindowTime;
      readonly stagger: WindowStagger;
    }
  | {
      readonly kind: 'sliding';
      readonly sizeMs: number;
      readonly slideMs: number;
      readonly offsetMs: number;
      readonly time: WindowTime;
    }
  /** Windows that grow: a record opens [time, time + gap), and windows that overlap or touch become one. */
  | {
      readonly kind: 'session';
      readonly gapMs: number | ((record: never) => number);
      readonly time: WindowTime;
    }
  /** One window per key for all time. */
  | { readonly kind: 'global' };

/** When a window is given to its function. */
export type TriggerDefinition =
  | { readonly kind: 'event-time' | 'processing-time' | 'end-of-stream' | 'never' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'continuous-event-time' | 'continuous-processing-time'; readonly intervalMs: number }
  | {
      readonly kind: 'delta';
      readonly threshold: number;
      readonly delta: (last: never, now: never) => number;
    }
  | { readonly kind: 'purging'; readonly of: TriggerDefinition }
  | {
      readonly kind: 'processing-timeout';
      readonly of: TriggerDefinition;
      readonly timeoutMs: number;
      readonly resetOnRecord: boolean;
      readonly clearOnTimeout: boolean;
    }
  | OwnTriggerDefinition;

/** What an own trigger may answer. */
export type TriggerAnswer = 'continue' | 'fire' | 'purge' | 'fire-and-purge';

/** A trigger of the user's; its state cells are kept per key and window. */
export interface OwnTriggerDefinition {
  readonly kind: 'own';
  readonly state: readonly StateDeclaration[];
  readonly onRecord: (record: never, context: never) => TriggerAnswer;
  readonly onEventTime?: (context: never) => TriggerAnswer;
  readonly onProcessingTime?: (context: never) => TriggerAnswer;
  /** Windows that merge need it. */
  readonly onMerge?: (context: never) => void;
  readonly onClear?: (context: never) => void;
}

/** A record in a window, as evictors see it; `time` is undefined where it has none. */
export interface WindowElement<T = unknown> {
  readonly value: T;
  readonly time: number | undefined;
}

/** Which records leave a window, before its function sees them or after it. */
export type EvictorDefinition = { readonly after: boolean } & (
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'time'; readonly sizeMs: number }
  | {
      readonly kind: 'delta';
      readonly threshold: number;
      readonly delta: (element: never, last: never) => number;
    }
  /** Answers the records that stay. */
  | { readonly kind: 'own'; readonly keep: (elements: never, window: never) => Iterable<WindowElement> }
);

/**
 * What a window holds of its records and does with them.
 *
 * Without an evictor, `reduce` and `aggregate` hold one value per window; all else holds the records.
 */
export type WindowFunctionDefinition =
  | { readonly kind: 'process'; readonly onWindow: (records: never, context: never) => unknown }
  | {
      readonly kind: 'reduce';
      readonly reduce: (left: never, right: never) => unknown;
      /** Without it the reduced record is emitted. */
      readonly onWindow?: (reduced: never, context: never) => unknown;
    }
  | {
      readonly kind: 'aggregate';
      readonly aggregates: Readonly<Record<string, Aggregate<never, unknown>>>;
      /** Without it the row is emitted. */
      readonly onWindow?: (row: never, context: never) => unknown;
    }
  | {
      readonly kind: 'two-inputs';
      readonly onWindow: (lefts: never, rights: never, context: never) => unknown;
    };

/**
 * Windows with any trigger, evictor and function.
 *
 * For a join or coGroup of two inputs give the node two `hash` inputs and a function of kind `two-inputs`: records of
 * the second input are held apart from those of the first, and `onWindow(lefts, rights, ctx)` is given both, each in
 * the order of arrival; one side may be empty. The node is not to keep a time per input: Flink unites both streams
 * before the window. Late records of either input go to the output `late`. Everything else is as with one input.
 */
export interface GeneralWindowDefinition {
  readonly kind: 'window-function';
  /** False for `windowAll`: there is no key then, and one subtask. */
  readonly keyed: boolean;
  readonly assigner: GeneralAssigner;
  readonly trigger: TriggerDefinition;
  readonly evictor?: EvictorDefinition;
  /** `MAX_WATERMARK` for ever; it counts in event time only. */
  readonly latenessMs: number;
  readonly function: WindowFunctionDefinition;
  /** Names of the side outputs, beside `late`. */
  readonly outputs: readonly string[];
  /** State per key and window; cells of the node are per key. */
  readonly windowState: readonly StateDeclaration[];
  /** Called before a window's state goes. */
  readonly onClear?: (context: never) => unknown;
  /** Schemas of the records of each input, where they are known. */
  readonly records: readonly (Schema | undefined)[];
}

/** True for windows that become one when they overlap or touch. */
export function windowsMerge({ kind }: GeneralAssigner): boolean {
  return kind === 'session';
}

/** The clock that closes windows; global windows end with event time. */
export function windowTime(assigner: GeneralAssigner): WindowTime {
  return assigner.kind === 'global' ? 'event' : assigner.time;
}

/** The trigger of an assigner where nobody chose another. Source: `getDefaultTrigger` of Flink's assigners. */
export function defaultTrigger(assigner: GeneralAssigner): TriggerDefinition {
  if (assigner.kind === 'global') {
    return { kind: 'never' };
  }
  return { kind: assigner.time === 'event' ? 'event-time' : 'processing-time' };
}
