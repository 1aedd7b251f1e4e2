// About half the time of JSON.parse for a record of 200 bytes and seven fields. Twin and oracle: json-value.ts.
/** Generates a parser for objects of one layout over the bytes of a whole batch. */
import { generateFunction, propertyLiteral } from '../../data/generated-function.ts';
import { parseDate } from '../../data/date-text.ts';
import { parseInterval } from '../../data/interval-text.ts';
import type { RowField } from '../../data/schema.ts';
import { parseInstant } from '../../data/instant-text.ts';
import { decimalOf } from '../../data/json-value.ts';
import { flatType, rowFields } from './json-layout.ts';
import type { FlatType, JsonLayout } from './json-layout.ts';

/** Every buffer of Node has these, its types do not say so; `toString` does the same by a longer way. */
export interface SliceableBuffer extends Buffer<ArrayBuffer> {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

/** The bytes of a batch of payloads, one behind the other. */
export interface BatchText {
  readonly bytes: SliceableBuffer;
  readonly view: DataView;
  /** Each byte as one character: where a string is ASCII, its text is cut out of this without a native call. */
  readonly latin1: string;
}

/** Reads the object at `start`, which must end at `end`; undefined where it is not exactly of the layout. */
export type JsonParser = (text: BatchText, start: number, end: number) => Record<string, unknown> | undefined;

/** The value of a text; NaN or undefined where it is none. */
type ReadText = (text: string) => unknown;

type Maker = (texts: readonly (ReadText | undefined)[], powers: readonly number[]) => JsonParser;

/** Bytes that must stand behind the last payload, since a parser may look that far. */
export const SLACK_BYTES = 4096;
const KEY_BYTES_MAX = 1024;

/** Undefined if a field is of a type that it does not read. */
export function jsonParser(fields: readonly RowField[], layout: JsonLayout): JsonParser | undefined {
  if (!isReadable(fields, layout)) return undefined;
  const parts: ParserParts = { texts: [], variables: [] };
  const row = readRow(fields, layout, parts);
  const make = generateFunction<Maker>({
    name: 'json-parser',
    parameters: ['texts', 'POWERS'],
    body: `${parts.texts.map((_, index) => `const t${index} = texts[${index}];`).join(' ')}
return (text, start, end) => {
  const b = text.bytes, v = text.view, all = text.latin1;
  let p = start;
  ${parts.variables.map((variable) => `let ${variable} = null;`).join(' ')}
  ${row.steps}
  if (p !== end) return undefined;
  return ${row.value};
};`,
  });
  return make(parts.texts, POWERS);
}

/** What the parts of a parser declare before any of them reads. */
interface ParserParts {
  readonly texts: (ReadText | undefined)[];
  readonly variables: string[];
}

/** Source of the statements that read a row, and of the expression that makes it of what they read. */
interface RowText {
  readonly steps: string;
  readonly value: string;
}

function isReadable(fields: readonly RowField[], { names, nested }: JsonLayout): boolean {
  if (names.length === 0 || names.some((name) => Buffer.byteLength(name) > KEY_BYTES_MAX / 2)) return false;
  return fields.every(({ name, type }) => {
    const inner = rowFields(type);
    if (inner === undefined) return flatType(type) !== undefined;
    const layout = nested[name];
    return layout === undefined || isReadable(inner, layout);
  });
}

function readRow(fields: readonly RowField[], layout: JsonLayout, parts: ParserParts): RowText {
  const first = parts.variables.length;
  parts.variables.push(...fields.map((_, index) => `f${first + index}`));
  const places = new Map(fields.map((field, index) => [field.name, { field, target: `f${first + index}` }]));
  const steps = layout.names.map((name, position) => {
    const place = places.get(name);
    const key = skipText(keyText(name, position, layout.spaced));
    return `${key}${place === undefined ? SKIP_VALUE : readPlace(place.field, place.target, layout, parts)}`;
  });
  const values = fields.map(({ name }, index) => `${propertyLiteral(name)}: f${first + index}`).join(', ');
  return { steps: `${steps.join('\n  ')}\n  if (b[p++] !== 125) return undefined;`, value: `{ ${values} }` };
}

// oxlint-disable-next-line max-params -- a field, its place, and what surrounds both
function readPlace(field: RowField, target: string, { nested }: JsonLayout, parts: ParserParts): string {
  const inner = rowFields(field.type);
  if (inner === undefined) return readField(field, target, parts);
  const layout = nested[field.name];
  // The object that taught the layout had none here.
  if (layout === undefined) return `if (v.getInt32(p, true) !== ${NULL}) return undefined; p += 4;`;
  const { steps, value } = readRow(inner, layout, parts);
  const read = `{ ${steps}\n  ${target} = ${value}; }`;
  return field.type.kind === 'nullable' ? `if (v.getInt32(p, true) === ${NULL}) p += 4; else ${read}` : read;
}

/** What a field whose value is more than its text makes of it. */
function textReader(type: FlatType | undefined): ReadText | undefined {
  switch (type?.kind) {
    case 'enum': {
      // Values by themselves, so that records share them instead of holding slices of the batch.
      const values = new Map(type.values.map((value) => [value, value]));
      return (text) => values.get(text);
    }
    case 'instant':
      return parseInstant;
    case 'date':
      return parseDate;
    case 'interval':
      return parseInterval;
    case 'decimal':
      return (text) => decimalOf(text, type);
    default:
      return undefined;
  }
}

function keyText(name: string, position: number, spaced: boolean): Buffer {
  const space = spaced ? ' ' : '';
  return Buffer.from(`${position === 0 ? '{' : `,${space}`}${JSON.stringify(name)}:${space}`);
}

// Compares four bytes at a time. Running over the end reads the next payload, or the slack behind the last one.
function skipText(text: Buffer): string {
  const tests: string[] = [];
  let at = 0;
  for (; at + 4 <= text.length; at += 4) {
    tests.push(`v.getInt32(p + ${at}, true) !== ${text.readInt32LE(at)}`);
  }
  for (; at < text.length; at++) {
    tests.push(`b[p + ${at}] !== ${text[at]}`);
  }
  return `if (${tests.join(' || ')}) return undefined; p += ${text.length}; if (p > end) return undefined; `;
}

// Four bytes as one little-endian number.
const NULL = 0x6c6c756e;
const TRUE = 0x65757274;
const FALS = 0x736c6166;

function readField(field: RowField, target: string, { texts }: ParserParts): string {
  const type = flatType(field.type);
  const read = readValue(type, target, `t${texts.push(textReader(type)) - 1}`);
  return field.type.kind === 'nullable' ? `if (v.getInt32(p, true) === ${NULL}) p += 4; else ${read}` : read;
}

function readValue(type: FlatType | undefined, f: string, t: string): string {
  switch (type?.kind) {
    case 'boolean':
      return `{ if (v.getInt32(p, true) === ${TRUE}) { ${f} = true; p += 4; }
    else if (v.getInt32(p, true) === ${FALS} && b[p + 4] === 101) { ${f} = false; p += 5; } else return undefined; }`;
    case 'int':
      return `{ ${readNumber(f, false)} }`;
    case 'double':
      return `{ ${readNumber(f, true)} }`;
    case 'string':
      return `{ ${readString(f)} }`;
    case 'enum':
      return `{ ${readString(f)} ${f} = ${t}(${f}); if (${f} === undefined) return undefined; }`;
    case 'instant':
    case 'date':
    case 'interval':
      return `{ if (b[p] === 34) { ${readString(f)} ${f} = ${t}(${f}); if (${f} !== ${f}) return undefined; }
    else { ${readNumber(f, false)} } }`;
    case 'decimal':
      return `{ if (b[p] === 34) { ${readString(f)} } else { const from = p; ${readNumber(f, true)} ${f} = all.substring(from, p); }
    ${f} = ${t}(${f}); if (${f} === undefined) return undefined; }`;
    case undefined:
      return 'return undefined;';
  }
}

// Up to 15 digits are exact in a double, and so is their quotient by a power of ten up to 22; longer ones are left to
// `Number`, exponents to the slow way.
function readNumber(target: string, fraction: boolean): string {
  const tail = fraction
    ? `if (b[p] === 46) { const point = p; d = b[++p] - 48; if (!(d >= 0 && d <= 9)) return undefined;
      while (d >= 0 && d <= 9) { n = n * 10 + d; d = b[++p] - 48; }
      n = p - first > 16 ? Number(all.substring(first, p)) : n / POWERS[p - point - 1]; }
      else if (p - first > 15) n = Number(all.substring(first, p));`
    : 'if (b[p] === 46 || p - first > 15) return undefined;';
  return `let negative = false; if (b[p] === 45) { negative = true; p++; }
    const first = p; let n = 0; let d = b[p] - 48; if (!(d >= 0 && d <= 9)) return undefined;
    if (d === 0 && b[p + 1] >= 48 && b[p + 1] <= 57) return undefined;
    while (d >= 0 && d <= 9) { n = n * 10 + d; d = b[++p] - 48; }
    if (p > end) return undefined;
    ${tail} if (b[p] === 101 || b[p] === 69) return undefined; ${target} = negative ? -n : n;`;
}

const POWERS = Array.from({ length: 17 }, (_, exponent) => 10 ** exponent);

// A string with an escape or a control character goes the slow way; one beyond ASCII is decoded from its bytes.
function readString(target: string): string {
  return `${SCAN_STRING} ${target} = high > 127 ? b.utf8Slice(s, p) : all.substring(s, p); p++;`;
}

const SCAN_STRING = `if (b[p] !== 34) return undefined; const s = ++p; let c = b[p], high = 0;
    while (c !== 34) { if (c === 92 || c < 32 || p >= end) return undefined; high |= c; c = b[++p]; }`;

// A field that the schema does not know must still be sound JSON.
const SKIP_VALUE = `{ let skipped; if (b[p] === 34) { ${SCAN_STRING} p++; }
    else if (v.getInt32(p, true) === ${NULL} || v.getInt32(p, true) === ${TRUE}) p += 4;
    else if (v.getInt32(p, true) === ${FALS} && b[p + 4] === 101) p += 5;
    else { ${readNumber('skipped', true)} } }`;
