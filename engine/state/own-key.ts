import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import { SLICED_LENGTH } from '../data/unpinned-string.ts';

/** Longer keys are few; of these a copy is only longer by what V8 takes to describe it. */
const TEXT_MAX = 1024;

/** Public in Node and absent from its types; the public methods look their encoding up on every call. */
interface TextBuffer {
  utf8Write(text: string, offset: number): number;
  latin1Slice(start: number, end: number): string;
}

const buffer = Buffer.allocUnsafeSlow(TEXT_MAX * 3) as unknown as TextBuffer; // see TextBuffer

/**
 * The key as state may hold it for as long as it likes: it keeps nothing else alive, and takes as little as can be. A
 * copy that V8 makes by cutting a text takes 40 bytes more, for every key.
 */
export function ownKey(key: Key): Key {
  if (typeof key !== 'string') {
    return unpinned(key);
  }
  const { length } = key;
  if (length < SLICED_LENGTH) {
    return key;
  }
  const ascii = length <= TEXT_MAX && buffer.utf8Write(key, 0) === length;
  return ascii ? buffer.latin1Slice(0, length) : unpinned(key);
}
