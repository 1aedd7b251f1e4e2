import { DecodeError } from '../../data/decode-error.ts';

const SAFE_ZIGZAG_MAX = 2 ** 52;

/** Appends what Avro's binary form is made of. */
export class AvroWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  /** The bytes since the last call, in memory of their own. */
  take(): Uint8Array {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** A whole number, zigzag and in groups of seven bits. */
  long(value: number | bigint): void {
    if (typeof value === 'number' && Math.abs(value) < SAFE_ZIGZAG_MAX) this.#small(value);
    else this.#large(BigInt(value));
  }

  double(value: number): void {
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  bytes(value: Uint8Array): void {
    this.long(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  string(value: string): void {
    this.bytes(Buffer.from(value));
  }

  #small(value: number): void {
    let rest = value < 0 ? -value * 2 - 1 : value * 2;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) + 128);
    this.byte(rest);
  }

  #large(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    for (; rest >= 128n; rest >>= 7n) this.byte(Number(rest & 127n) + 128);
    this.byte(Number(rest));
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** Reads what {@link AvroWriter} has written. Errors: a `DecodeError` where the bytes end too early. */
export class AvroReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(payload: Uint8Array) {
    this.#bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new DecodeError('is no Avro of this schema: it ends too early');
    this.#at += 1;
    return value;
  }

  long(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
    }
    throw new DecodeError('is no Avro of this schema: a number has more than 64 bits');
  }

  /** A whole number that JavaScript's numbers hold. */
  int(): number {
    const value = Number(this.long());
    if (!Number.isSafeInteger(value)) throw new DecodeError(`has the number ${value}, which is out of range`);
    return value;
  }

  double(): number {
    const at = this.#skip(8);
    return this.#bytes.readDoubleLE(at);
  }

  bytes(): Uint8Array {
    const length = this.int();
    const at = this.#skip(length);
    return Uint8Array.from(this.#bytes.subarray(at, at + length));
  }

  string(): string {
    const length = this.int();
    const at = this.#skip(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  #skip(bytes: number): number {
    const at = this.#at;
    if (bytes < 0 || bytes > this.rest) throw new DecodeError('is no Avro of this schema: it ends too early');
    this.#at += bytes;
    return at;
  }
}
