/** Ids of the stream are below it for more than a billion events. */
const IDS = 2 ** 26;

/**
 * Two ids as one number, exactly. A tuple would do as well; a number is found at once, where the tuples of a stream must
 * first be matched with those that stand for them.
 */
export function pairKey(left: number, right: number): number {
  return left * IDS + right;
}
