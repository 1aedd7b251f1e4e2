import { NO_TIME } from '../../data/record-batch.ts';
import type { StateDeclaration } from '../../state/declaration.ts';
import {
  CONTINUE,
  FIRE,
  FIRE_AND_PURGE,
  PURGE,
  type TriggerResult,
  type TriggerScope,
  type WindowTrigger,
} from './trigger.ts';
import { openWindowCells, type WindowAtWork } from './window-cells.ts';
import type { OwnTriggerDefinition, TriggerAnswer } from './window-definition.ts';
import { boundsOf, type WindowBounds, type WindowEntry } from './window-entry.ts';

const RESULTS: Readonly<Record<TriggerAnswer, TriggerResult>> = {
  continue: CONTINUE,
  fire: FIRE,
  purge: PURGE,
  'fire-and-purge': FIRE_AND_PURGE,
};

/** What a trigger of the user's may do with the window at work. */
export interface OwnTriggerContext<S = Readonly<Record<string, object>>> {
  /** The window at work; `end` is exclusive. */
  readonly window: WindowBounds;
  /** Every record up to this time has come. */
  readonly watermark: number;
  /** Processing time, ms. */
  now(this: void): number;
  /** The trigger's cells of this window. */
  readonly state: S;
  /** `onEventTime` is called when the watermark comes to `time`; the same time twice is one timer. */
  setEventTimer(this: void, time: number): void;
  cancelEventTimer(this: void, time: number): void;
  /** `onProcessingTime` is called when the clock comes to `time`. */
  setProcessingTimer(this: void, time: number): void;
  cancelProcessingTimer(this: void, time: number): void;
}

/** What a trigger of the user's may do with a record or a timer. */
export interface TimedTriggerContext<S = Readonly<Record<string, object>>> extends OwnTriggerContext<S> {
  /** Event time of the record, or the time of the timer; ms. */
  readonly time: number;
}

type OnRecord = (record: unknown, ctx: TimedTriggerContext) => TriggerAnswer;
type OnTime = (ctx: TimedTriggerContext) => TriggerAnswer;
type OnWindow = (ctx: OwnTriggerContext) => void;

/** The call at work: of which window, and with what time. */
interface TriggerCall extends WindowAtWork {
  time: number;
}

/** Calls a trigger of the user's. Its timers go with their window, so that it need not take them back in `onClear`. */
export function ownTrigger(
  definition: OwnTriggerDefinition,
  scope: TriggerScope,
  takeSlot: () => number,
): WindowTrigger {
  const at = {} as TriggerCall; // set before every call
  const slots = definition.state.map((declaration) => ({ declaration, slot: takeSlot() }));
  const taken = slots.values();
  const state = openWindowCells(definition.state, at, () => taken.next().value?.slot ?? 0);
  const context = contextOf(scope, at, state);
  // The graph joins only what fits, so the functions take what this operator is given.
  const onRecord = definition.onRecord as OnRecord;
  const onEventTime = definition.onEventTime as OnTime | undefined;
  const onProcessingTime = definition.onProcessingTime as OnTime | undefined;
  const [onMerge, onClear] = [definition.onMerge, definition.onClear] as (OnWindow | undefined)[];
  const enter = (window: WindowEntry, time = NO_TIME): TimedTriggerContext => {
    at.window = window;
    at.time = time;
    return context;
  };
  return {
    onRecord: (window, value, time) => resultOf(onRecord(value, enter(window, time))),
    onEventTime: (window, time) =>
      onEventTime === undefined ? CONTINUE : resultOf(onEventTime(enter(window, time))),
    onProcessingTime: (window, time) =>
      onProcessingTime === undefined ? CONTINUE : resultOf(onProcessingTime(enter(window, time))),
    absorb(window, absorbed) {
      for (const { declaration, slot } of slots) {
        window.slots[slot] = mergedCell(declaration, window.slots[slot], absorbed.slots[slot]);
      }
    },
    merged: (window) => onMerge?.(enter(window)),
    clear(window) {
      onClear?.(enter(window));
      for (const { slot } of slots) {
        window.slots[slot] = undefined;
      }
    },
  };
}

function contextOf(
  scope: TriggerScope,
  at: TriggerCall,
  state: Readonly<Record<string, object>>,
): TimedTriggerContext {
  return {
    get window() {
      return boundsOf(at.window);
    },
    get time() {
      return at.time;
    },
    get watermark() {
      return scope.watermark;
    },
    now: () => scope.now(),
    state,
    setEventTimer: (time) => scope.setEventTimer(at.window, time),
    cancelEventTimer: (time) => scope.deleteEventTimer(at.window, time),
    setProcessingTimer: (time) => scope.setProcessingTimer(at.window, time),
    cancelProcessingTimer: (time) => scope.deleteProcessingTimer(at.window, time),
  };
}

function resultOf(answer: TriggerAnswer): TriggerResult {
  const result = RESULTS[answer];
  if (result === undefined) {
    throw new Error(`The trigger answered "${answer}"; it must be one of ${Object.keys(RESULTS).join(', ')}`);
  }
  return result;
}

/** Lists and maps are joined, reducing state is reduced; of anything else the state of the earlier window stays. */
function mergedCell({ kind, reduce }: StateDeclaration, own: unknown, other: unknown): unknown {
  if (own === undefined || other === undefined) {
    return own ?? other;
  }
  switch (kind) {
    case 'list':
      return [...(own as unknown[]), ...(other as unknown[])]; // as the cell keeps them
    case 'map':
      return new Map([...(own as Map<unknown, unknown>), ...(other as Map<unknown, unknown>)]); // as above
    case 'reducing':
      return (reduce as (left: unknown, right: unknown) => unknown)(own, other); // declared with the schema
    default:
      return own;
  }
}
