/** Refuses null and undefined where state cannot tell them from nothing; `state` names it with its kind. */
export function refuseNothing(value: unknown, state: string): void {
  if (value === null || value === undefined) {
    throw new TypeError(
      `Cannot add ${String(value)} to ${state}: there it would stand for no value; leave it out, or keep it in a field of a row`,
    );
  }
}
