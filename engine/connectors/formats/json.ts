/** JSON payloads to records: generated parsers for the layouts that a stream really has, `JSON.parse` for the rest. */
import { dataTypeOf } from '../../data/data-type.ts';
import { canGenerate } from '../../data/generated-function.ts';
import { DecodeError } from '../../data/decode-error.ts';
import { type JsonConverter, jsonConverter, parseJson } from '../../data/json-value.ts';
import type { RecordBatch } from '../../data/record-batch.ts';
import type { DataType, RowField, Schema } from '../../data/schema.ts';
import { declaredLayout, learnedLayout, sameLayout } from './json-layout.ts';
import type { JsonLayout } from './json-layout.ts';
import { SLACK_BYTES, jsonParser } from './json-parser.ts';
import type { BatchText, JsonParser, SliceableBuffer } from './json-parser.ts';
import type { DecodeFault, PayloadSpans, RecordDecoder } from './record-decoder.ts';
import { validatingConverter } from './validating-converter.ts';

// Every parser costs a failed try on records of the others; a stream with more layouts has none worth learning.
const PARSERS_MAX = 4;
const FIRST_BUFFER_BYTES = 64 * 1024;

/**
 * The decoder of JSON objects, one a payload. A schema of another library validates what `JSON.parse` gave, and the
 * record is what it makes of that: with its defaults, without what it strips, transformed.
 */
export function jsonDecoder(schema: Schema): RecordDecoder {
  return new JsonDecoder(schema);
}

interface KnownLayout {
  readonly layout: JsonLayout;
  readonly parse: JsonParser;
}

class JsonDecoder implements RecordDecoder {
  readonly #fields: readonly RowField[] | undefined;
  readonly #convert: JsonConverter;
  readonly #exactNumbers: boolean;
  readonly #known: KnownLayout[] = [];
  #bytes = sliceable(FIRST_BUFFER_BYTES);
  #view = viewOf(this.#bytes);

  constructor(schema: Schema) {
    const type = dataTypeOf(schema);
    this.#convert = type === undefined ? validatingConverter(schema) : jsonConverter(type);
    this.#exactNumbers = type !== undefined && needsDigits(type);
    if (type?.kind === 'row' && canGenerate()) {
      this.#fields = type.fields;
      this.#learn(declaredLayout(type.fields));
    }
  }

  decode(
    payloads: readonly Uint8Array[],
    from: number,
    to: number,
    batch: RecordBatch,
  ): readonly DecodeFault[] {
    const ends = this.#gather(payloads, from, to);
    const text = this.#text(ends.at(-1) ?? 0);
    const faults: DecodeFault[] = [];
    batch.size = 0;
    for (const [index, end] of ends.entries()) {
      const value = this.#read(text, ends[index - 1] ?? 0, end);
      if (value instanceof DecodeError) {
        faults.push({ index: from + index, reason: value.message });
      } else {
        batch.values[batch.size++] = value;
      }
    }
    return faults;
  }

  decodeSpans({ bytes, begins, ends }: PayloadSpans, from: number, to: number, batch: RecordBatch) {
    const faults: DecodeFault[] = [];
    batch.size = 0;
    const first = begins[from] ?? 0;
    const length = to > from ? (ends[to - 1] ?? first) - first : 0;
    this.#makeRoom(length + SLACK_BYTES);
    this.#bytes.set(bytes.subarray(first, first + length));
    const text = this.#text(length);
    for (let index = from; index < to; index++) {
      const start = (begins[index] ?? first) - first;
      const value = this.#read(text, start, trimmedEnd(this.#bytes, start, (ends[index] ?? first) - first));
      if (value instanceof DecodeError) {
        faults.push({ index: index - from, reason: value.message });
      } else {
        batch.values[batch.size++] = value;
      }
    }
    return faults;
  }

  #text(length: number): BatchText {
    const latin1 = this.#known.length === 0 ? '' : this.#bytes.latin1Slice(0, length);
    return { bytes: this.#bytes, view: this.#view, latin1 };
  }

  #makeRoom(bytes: number): void {
    if (bytes > this.#bytes.length) {
      this.#bytes = sliceable(bytes * 2);
      this.#view = viewOf(this.#bytes);
    }
  }

  #read(text: BatchText, start: number, end: number): unknown {
    for (let index = 0; index < this.#known.length; index++) {
      const known = this.#known[index];
      const row = known?.parse(text, start, end);
      if (known !== undefined && row !== undefined) {
        this.#prefer(known, index);
        return row;
      }
    }
    return this.#readSlowly(text.bytes.utf8Slice(start, end));
  }

  /** Records of one layout come in runs, so the last that fitted is tried first. */
  #prefer(known: KnownLayout, index: number): void {
    if (index > 0) {
      this.#known.splice(index, 1);
      this.#known.unshift(known);
    }
  }

  #readSlowly(text: string): unknown {
    try {
      const parsed = parseJson(text, this.#exactNumbers);
      const value = this.#convert(parsed, []);
      if (this.#fields !== undefined && this.#known.length < PARSERS_MAX) {
        // The converter took it for a row, so it is an object.
        this.#learn(learnedLayout(text, parsed as object, this.#fields));
      }
      return value;
    } catch (error) {
      if (error instanceof DecodeError) {
        return error;
      }
      throw error;
    }
  }

  #learn(layout: JsonLayout | undefined): void {
    if (layout === undefined || this.#known.some((known) => sameLayout(known.layout, layout))) {
      return;
    }
    const parse = jsonParser(this.#fields ?? [], layout);
    if (parse !== undefined) {
      this.#known.push({ layout, parse });
    }
  }

  /** Puts the payloads behind each other, without white space at their ends; gives the end of each. */
  #gather(payloads: readonly Uint8Array[], from: number, to: number): readonly number[] {
    let total = SLACK_BYTES;
    for (let index = from; index < to; index++) {
      total += payloads[index]?.length ?? 0;
    }
    this.#makeRoom(total);
    const ends: number[] = [];
    let at = 0;
    for (let index = from; index < to; index++) {
      const payload = payloads[index] ?? EMPTY;
      this.#bytes.set(payload, at);
      at += trimmedEnd(payload, 0, payload.length);
      ends.push(at);
    }
    return ends;
  }
}

const EMPTY = new Uint8Array();

function sliceable(bytes: number): SliceableBuffer {
  // Every Buffer of Node is one; only its types do not say so.
  return Buffer.alloc(bytes) as SliceableBuffer;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Many producers end a record with a line break. */
function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && isSpace(bytes[trimmed - 1])) {
    trimmed -= 1;
  }
  return trimmed;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 10 || byte === 13 || byte === 32 || byte === 9;
}

/** True where a double may be too short for a value. */
function needsDigits(type: DataType): boolean {
  switch (type.kind) {
    case 'bigint':
    case 'decimal':
      return true;
    case 'array':
      return needsDigits(type.element);
    case 'map':
      return needsDigits(type.value);
    case 'nullable':
      return needsDigits(type.of);
    case 'row':
      return type.fields.some((field) => needsDigits(field.type));
    default:
      return false;
  }
}
