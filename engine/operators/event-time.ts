/** The event time that a user's function reads from a record; refuses what is no time. */
export function checkedEventTime(time: unknown): number {
  if (typeof time !== 'number' || !Number.isFinite(time)) {
    throw new TypeError(`its event time is ${String(time)}, and must be milliseconds since 1970`);
  }
  return time;
}
