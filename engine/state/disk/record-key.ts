/** Speed: bench/state-backend.ts; a key is encoded and hashed once for every look into the store. */
import type { Key, PrimitiveKey } from '../../data/key-groups.ts';
import { checkedKey } from '../../data/keys.ts';
import { hashBytes, hashHigh } from './byte-hash.ts';
import { StateDiskError } from './state-disk-error.ts';

/** Tags of the elements of a key. They are part of the chunk format: add at the end, never renumber. */
const TAG = { false: 0, true: 1, int: 2, double: 3, bigint: 4, latin1: 5, utf16: 6, tuple: 7 } as const;

const INITIAL_BYTES = 256;
/** Tells the hash of a key alone from that of a name without an id. */
export const GROUP_SEED = -1;

/**
 * What a record is found by: the bytes of its key and of what tells entries of one key apart, with their hash.
 *
 * Contract: equal keys have equal bytes, whatever way they were made; `-0` is `0`, as in a `Map`. One object serves
 * for many looks; each `set` ends what the one before said.
 */
export class RecordKey {
  bytes = new Uint8Array(INITIAL_BYTES);
  view = new DataView(this.bytes.buffer);
  /** Bytes of the key alone. */
  keyLength = 0;
  /** Bytes of key and id. */
  length = 0;
  low = 0;
  high = 0;
  /** Of the key alone: what all names of a key have in common. */
  readonly group = { low: 0, high: 0 };
  readonly #grouped: boolean;

  /** `grouped`: hashes the key by itself, too. */
  constructor(grouped = false) {
    this.#grouped = grouped;
  }

  set(key: Key, id?: Uint8Array): void {
    this.length = 0;
    this.#key(key);
    this.keyLength = this.length;
    if (id !== undefined && id.byteLength > 0) {
      this.#reserve(id.byteLength);
      this.bytes.set(id, this.length);
      this.length += id.byteLength;
    }
    this.#hash();
  }

  /** Takes over key and id of a record as they lie in its chunk. */
  setBytes(source: Uint8Array, at: number, { keyLength, idLength }: KeyLengths): void {
    const length = keyLength + idLength;
    this.length = 0;
    this.#reserve(length);
    this.bytes.set(source.subarray(at, at + length));
    this.keyLength = keyLength;
    this.length = length;
    this.#hash();
  }

  /** True where the first `length` of these bytes lie at `at`. */
  equals(other: Uint8Array, at: number, length = this.length): boolean {
    const { bytes } = this;
    for (let index = 0; index < length; index++) {
      if (bytes[index] !== other[at + index]) return false;
    }
    return true;
  }

  #hash(): void {
    // The length of the key is mixed in, so that key and id cannot trade bytes.
    this.low = hashBytes(this.view, 0, this.length, this.keyLength);
    this.high = hashHigh();
    if (this.#grouped) {
      this.group.low = hashBytes(this.view, 0, this.keyLength, GROUP_SEED);
      this.group.high = hashHigh();
    }
  }

  #key(key: Key): void {
    switch (typeof key) {
      case 'string':
        return this.#string(key);
      case 'number':
        return this.#number(key);
      case 'boolean':
        return this.#tag(key ? TAG.true : TAG.false);
      case 'bigint':
        this.#tag(TAG.bigint);
        return this.#string(key.toString());
      default:
        this.#tag(TAG.tuple);
        this.#u32(key.length);
        for (const element of key) this.#key(element);
    }
  }

  #number(value: number): void {
    if ((value | 0) === value) {
      this.#tag(TAG.int);
      return this.#u32(value);
    }
    this.#tag(TAG.double);
    this.#reserve(8);
    this.view.setFloat64(this.length, Number.isNaN(value) ? Number.NaN : value, true);
    this.length += 8;
  }

  #string(text: string): void {
    const tagAt = this.length;
    this.#tag(TAG.latin1);
    this.#u32(text.length);
    this.#reserve(text.length * 2);
    const { bytes } = this;
    const start = this.length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 255) {
        bytes[tagAt] = TAG.utf16;
        return this.#utf16(text, start);
      }
      bytes[start + index] = code;
    }
    this.length = start + text.length;
  }

  #utf16(text: string, start: number): void {
    for (let index = 0; index < text.length; index++) {
      this.view.setUint16(start + 2 * index, text.charCodeAt(index), true);
    }
    this.length = start + 2 * text.length;
  }

  #tag(tag: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = tag;
  }

  #u32(value: number): void {
    this.#reserve(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed > this.bytes.byteLength) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.byteLength));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
  }
}

/** How the bytes of a record's name are divided. */
export interface KeyLengths {
  readonly keyLength: number;
  readonly idLength: number;
}

/** The key that {@link RecordKey} wrote at `at`. */
export function readKey(bytes: Uint8Array, at: number): Key {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { key } = readElement(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), view, at);
  return checkedKey(key);
}

interface Element {
  readonly key: Key;
  readonly end: number;
}

function readElement(bytes: Buffer, view: DataView, at: number): Element {
  const tag = bytes[at];
  switch (tag) {
    case TAG.false:
    case TAG.true:
      return { key: tag === TAG.true, end: at + 1 };
    case TAG.int:
      return { key: view.getInt32(at + 1, true), end: at + 5 };
    case TAG.double:
      return { key: view.getFloat64(at + 1, true), end: at + 9 };
    case TAG.bigint: {
      const { key, end } = readElement(bytes, view, at + 1);
      return { key: BigInt(String(key)), end };
    }
    case TAG.latin1:
    case TAG.utf16: {
      const end = at + 5 + view.getUint32(at + 1, true) * (tag === TAG.utf16 ? 2 : 1);
      return { key: bytes.toString(tag === TAG.utf16 ? 'utf16le' : 'latin1', at + 5, end), end };
    }
    case TAG.tuple:
      return readTuple(bytes, view, at + 1);
    default:
      throw new StateDiskError(`Cannot read state: a key has the unknown tag ${tag}`);
  }
}

function readTuple(bytes: Buffer, view: DataView, at: number): Element {
  const elements: PrimitiveKey[] = [];
  let end = at + 4;
  for (let left = view.getUint32(at, true); left > 0; left--) {
    const element = readElement(bytes, view, end);
    elements.push(element.key as PrimitiveKey); // tuples hold no tuples
    end = element.end;
  }
  return { key: elements, end };
}
