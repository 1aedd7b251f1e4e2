/** Numbers in [0, 1) that are a function of a seed, a purpose and an index: no state, so any payment can be made again. */
export function randomAt(seed: number, purpose: number, index: number): number {
  let hash = Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca6b);
  hash = mix(hash ^ (index | 0));
  // Indexes beyond 2^32 would repeat without their upper half.
  hash = mix(hash ^ Math.imul(Math.floor(index / 2 ** 32) + 1, 0xc2b2ae35));
  return (hash >>> 0) / 2 ** 32;
}

/** The finalizer of murmur3: every bit of the input changes half of the output's bits. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
