import type { WindowEntry } from './window-entry.ts';

/** What happens to a window: nothing, its function is called, its contents go, or both in this order. */
export type TriggerResult = 0 | 1 | 2 | 3;

export const CONTINUE: TriggerResult = 0;
export const FIRE: TriggerResult = 1;
export const PURGE: TriggerResult = 2;
export const FIRE_AND_PURGE: TriggerResult = 3;

export function fires(result: TriggerResult): boolean {
  return result === FIRE || result === FIRE_AND_PURGE;
}

export function purges(result: TriggerResult): boolean {
  return result === PURGE || result === FIRE_AND_PURGE;
}

/** What a trigger may do; the window at work is an argument of every call, and was touched before. */
export interface TriggerScope {
  readonly watermark: number;
  now(): number;
  setEventTimer(window: WindowEntry, time: number): void;
  deleteEventTimer(window: WindowEntry, time: number): void;
  setProcessingTimer(window: WindowEntry, time: number): void;
  deleteProcessingTimer(window: WindowEntry, time: number): void;
}

/**
 * Decides when windows fire. One trigger serves all windows of an operator; what it remembers of a window is in slots
 * of the window's entry, which its factory has reserved.
 *
 * Source: Flink's `Trigger`.
 */
export interface WindowTrigger {
  onRecord(window: WindowEntry, value: unknown, time: number): TriggerResult;
  onEventTime(window: WindowEntry, time: number): TriggerResult;
  onProcessingTime(window: WindowEntry, time: number): TriggerResult;
  /** Adds what is known of a window that `window` absorbs; only where windows merge. */
  absorb(window: WindowEntry, absorbed: WindowEntry): void;
  /** Called once `window` has its new bounds and all state of what it absorbed; its timers are gone. */
  merged(window: WindowEntry): void;
  /** Forgets its state and takes back its timers. */
  clear(window: WindowEntry): void;
}
