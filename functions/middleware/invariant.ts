/** States what cannot be otherwise; a failure is a bug of ours and becomes a 500 without details. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant violated: ${message}`);
}
