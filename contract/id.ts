/** Ids that sort by the time of their making. */

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A ULID in lower case: 48 bits of milliseconds, 80 random bits. */
export function ulid(now: number, random: Uint8Array): string {
  let time = '';
  for (let rest = now, digit = 0; digit < 10; digit++, rest = Math.floor(rest / 32)) {
    time = ALPHABET.charAt(rest % 32) + time;
  }
  let tail = '';
  for (let index = 0; index < 16; index++) tail += ALPHABET.charAt((random[index] ?? 0) % 32);
  return time + tail;
}
