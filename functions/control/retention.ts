import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { SavepointPolicy } from '#contract/resources/savepoint-policy.ts';

const AUTOMATIC: readonly Savepoint['origin'][] = ['suspend', 'upgrade', 'retained-checkpoint', 'scheduled'];

/** True for savepoints that nobody asked for as such: only these are removed by rule. */
export function isAutomatic({ origin }: Savepoint): boolean {
  return AUTOMATIC.includes(origin);
}

/**
 * The savepoints that the rules of a deployment remove, the oldest first.
 *
 * Each rule of the schedule keeps its newest ones; all other automatic ones, and those of rules that are no more, share
 * `keepAutomatic`. What failed counts beside what completed, so that failures push nothing out. The newest completed
 * savepoint stays whatever the rules say, and so does what is held; what a person asked for is no matter of rules.
 */
export function unretained(savepoints: readonly Savepoint[], policy: SavepointPolicy): Savepoint[] {
  const newestFirst = savepoints
    .filter(({ state }) => state === 'completed' || state === 'failed')
    .toSorted((left, right) => (left.id < right.id ? 1 : -1));
  const newest = newestFirst.find(({ state }) => state === 'completed');
  const seen = new Map<string, number>();
  return newestFirst
    .filter((savepoint) => {
      if (!isAutomatic(savepoint) || savepoint.hold !== null) return false;
      const { group, keep } = ruleOf(savepoint, policy);
      const place = `${savepoint.state} ${group}`;
      const count = (seen.get(place) ?? 0) + 1;
      seen.set(place, count);
      return count > keep && savepoint.id !== newest?.id;
    })
    .toReversed();
}

function ruleOf(
  { origin, schedule }: Savepoint,
  policy: SavepointPolicy,
): { readonly group: string; readonly keep: number } {
  const rule = policy.schedule.find(({ every }) => origin === 'scheduled' && every === schedule);
  return rule === undefined
    ? { group: '', keep: policy.keepAutomatic }
    : { group: rule.every, keep: rule.keep };
}
