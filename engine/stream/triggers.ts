/** When windows fire; the choices of `window(…, { trigger })`. */
import { type Duration, positiveMs } from '../data/duration.ts';
import type { TriggerAnswer, TriggerDefinition } from '../operators/windows/window-definition.ts';
import type { OwnTriggerContext, TimedTriggerContext } from '../operators/windows/own-trigger.ts';
import type { None, OpenCells } from './process-spec.ts';
import { type Cells, declareCells } from './state-cells.ts';
import { refuseTtl } from './window-functions.ts';

/** A trigger of windows whose records are of type `T`, as plain data. */
export interface Trigger<T> {
  readonly definition: TriggerDefinition;
  /** Exists in types only. */
  readonly '~record'?: (record: T) => void;
}

/** How a processing-time timeout treats further records and itself. */
export interface ProcessingTimeoutOptions {
  /** Every record begins the timeout anew. Default false: it runs from the first record of a firing. */
  readonly resetOnRecord?: boolean;
  /** Forgets what the inner trigger has counted when the time is out. Default true. */
  readonly clearOnTimeout?: boolean;
}

/**
 * A trigger of one's own. Its state is kept per key and window, and its timers go with the window.
 *
 * Contract: all functions are synchronous. Windows that merge need `onMerge`: it is called once the window has its new
 * bounds, lists, maps and reducing state are joined, and all timers are gone, so that it can set them anew.
 */
export interface OwnTriggerSpec<T, S extends Cells> {
  readonly state?: S;
  onRecord(this: void, record: T, ctx: TimedTriggerContext<OpenCells<S>>): TriggerAnswer;
  /** Called for the timers that it set and, as in Flink, once more when the window goes. */
  onEventTime?(this: void, ctx: TimedTriggerContext<OpenCells<S>>): TriggerAnswer;
  onProcessingTime?(this: void, ctx: TimedTriggerContext<OpenCells<S>>): TriggerAnswer;
  onMerge?(this: void, ctx: OwnTriggerContext<OpenCells<S>>): undefined;
  /** Called before a window goes. */
  onClear?(this: void, ctx: OwnTriggerContext<OpenCells<S>>): undefined;
}

/**
 * When a window is given to its function. Without one, windows fire at their end, and global windows never.
 *
 * A trigger that fires keeps the records, so that a later firing shows them again; `purging` lets them go.
 * Example: `keyed.window(tumbling('1 hour'), { trigger: triggers.purging(triggers.count(100)) })`.
 */
export const triggers = {
  /** At the end of the window in event time, and for every late record: the default of event-time windows. */
  eventTime: (): Trigger<unknown> => ({ definition: { kind: 'event-time' } }),

  /** At the end of the window by the clock: the default of processing-time windows. */
  processingTime: (): Trigger<unknown> => ({ definition: { kind: 'processing-time' } }),

  /** For every so many records of a window; 0 counts as 1. */
  count(count: number): Trigger<unknown> {
    if (!Number.isInteger(count) || count < 0) {
      throw new Error(`Cannot use count trigger of ${count}: give a whole number`);
    }
    return { definition: { kind: 'count', count } };
  },

  /** When `trigger` fires, and lets go of the records then. */
  purging: <T>(trigger: Trigger<T>): Trigger<T> => ({
    definition: { kind: 'purging', of: trigger.definition },
  }),

  /** At every full interval of event time, and at the end of the window. */
  continuousEventTime: (interval: Duration): Trigger<unknown> => ({
    definition: { kind: 'continuous-event-time', intervalMs: positiveMs(interval, 'trigger interval') },
  }),

  /** At every full interval of the clock. */
  continuousProcessingTime: (interval: Duration): Trigger<unknown> => ({
    definition: { kind: 'continuous-processing-time', intervalMs: positiveMs(interval, 'trigger interval') },
  }),

  /** For a record that is more than `threshold` away from the one that fired last; the first one only counts as such. */
  delta: <T>(threshold: number, delta: (last: T, now: T) => number): Trigger<T> => ({
    definition: { kind: 'delta', threshold, delta },
  }),

  /** When `trigger` fires, or when the clock has moved on by `timeout` since the first record. */
  processingTimeout: <T>(
    trigger: Trigger<T>,
    timeout: Duration,
    { resetOnRecord = false, clearOnTimeout = true }: ProcessingTimeoutOptions = {},
  ): Trigger<T> => ({
    definition: {
      kind: 'processing-timeout',
      of: trigger.definition,
      timeoutMs: positiveMs(timeout, 'trigger timeout'),
      resetOnRecord,
      clearOnTimeout,
    },
  }),

  /**
   * A trigger of one's own.
   *
   * Example: `triggers.own({ state: { total: value(t.double) }, onRecord: (order, ctx) => {
   *   const total = (ctx.state.total.get() ?? 0) + order.amount;
   *   ctx.state.total.set(total);
   *   return total > 1000 ? 'fire-and-purge' : 'continue';
   * } })`.
   */
  own<T, const S extends Cells = None>(spec: OwnTriggerSpec<T, S>): Trigger<T> {
    const { state = {}, ...functions } = spec;
    refuseTtl('trigger', state);
    return { definition: { kind: 'own', state: declareCells(state), ...functions } };
  },
};

/** A trigger in a few words, for descriptions. */
export function triggerText(definition: TriggerDefinition): string {
  switch (definition.kind) {
    case 'count':
      return `count ${definition.count}`;
    case 'purging':
      return `purging ${triggerText(definition.of)}`;
    case 'continuous-event-time':
    case 'continuous-processing-time':
      return `${definition.kind} ${definition.intervalMs} ms`;
    case 'delta':
      return `delta above ${definition.threshold}`;
    case 'processing-timeout':
      return `${triggerText(definition.of)} or timeout ${definition.timeoutMs} ms`;
    default:
      return definition.kind;
  }
}
