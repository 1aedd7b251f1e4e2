import { durationMs } from '#contract/duration.ts';
import type { SavepointPolicy, SavepointRule } from '#contract/resources/savepoint-policy.ts';

/** A time of a rule for which there is no savepoint yet. */
export interface DueSlot {
  readonly rule: SavepointRule;
  /** ISO 8601; the newest one that has come: what was missed before it is not made up for. */
  readonly slot: string;
}

/**
 * The savepoints that the clock asks for now.
 *
 * Times are counted from midnight UTC of 1970, so that `1 hour` means the full hour and `1 day` midnight, whenever the
 * rule was written. A rule that is new to the deployment begins with its next time: `slots` then has its first entry
 * from `firstSlots`.
 */
export function dueSlots(
  { schedule }: SavepointPolicy,
  slots: Readonly<Record<string, string>>,
  nowMs: number,
): DueSlot[] {
  return schedule.flatMap((rule) => {
    const slot = slotOf(rule, nowMs);
    const last = slots[rule.every];
    return last !== undefined && last < slot ? [{ rule, slot }] : [];
  });
}

/** The slots with an entry for every rule; undefined where none is new. */
export function firstSlots(
  { schedule }: SavepointPolicy,
  slots: Readonly<Record<string, string>>,
  nowMs: number,
): Record<string, string> | undefined {
  const added = schedule.filter(({ every }) => slots[every] === undefined);
  if (added.length === 0) return undefined;
  return { ...slots, ...Object.fromEntries(added.map((rule) => [rule.every, slotOf(rule, nowMs)])) };
}

function slotOf({ every }: SavepointRule, nowMs: number): string {
  const everyMs = durationMs(every);
  return new Date(Math.floor(nowMs / everyMs) * everyMs).toISOString();
}
