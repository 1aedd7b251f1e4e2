/** Picks an index in proportion to weights by a number in [0, 1). */
export function choose(weights: readonly number[], random: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let rest = random * total;
  for (const [index, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return index;
  }
  // Rounding may leave a crumb behind the last weight.
  return weights.length - 1;
}
