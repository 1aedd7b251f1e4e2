/** The intrinsic functions of the JSONPath query language, such as `States.Format('{}', $.x)`. */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../input.ts';
import { StateFailure } from './failure.ts';

type Intrinsic = (...parameters: readonly unknown[]) => unknown;

const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Format: (template, ...values) => format(string(template), values),
  StringToJson: (text) => JSON.parse(string(text)),
  JsonToString: (value) => JSON.stringify(value),
  Array: (...members) => members,
  ArrayPartition: (array, size) => partition(list(array), number(size)),
  ArrayContains: (array, value) => list(array).some((member) => isDeepStrictEqual(member, value)),
  ArrayRange: (from, to, step) => range(number(from), number(to), number(step)),
  ArrayGetItem: (array, index) => item(list(array), number(index)),
  ArrayLength: (array) => list(array).length,
  ArrayUnique: (array) =>
    list(array).filter(
      (member, index, all) => all.findIndex((one) => isDeepStrictEqual(one, member)) === index,
    ),
  Base64Encode: (text) => Buffer.from(string(text)).toString('base64'),
  Base64Decode: (text) => Buffer.from(string(text), 'base64').toString('utf8'),
  Hash: (text, algorithm) => hash(text, string(algorithm)),
  JsonMerge: (first, second, deep) => merge(first, second, deep),
  MathRandom: (from, to) => randomInt(number(from), number(to)),
  MathAdd: (first, second) => number(first) + number(second),
  StringSplit: (text, separators) => split(string(text), string(separators)),
  UUID: () => randomUUID(),
};

/** Evaluates a call; paths among its parameters are read by the caller's function. */
export function callIntrinsic(expression: string, read: (path: string) => unknown): unknown {
  const parser = new CallParser(expression, read);
  try {
    return parser.parse();
  } catch (cause) {
    if (cause instanceof StateFailure) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StateFailure('States.IntrinsicFailure', `${expression}: ${message}`, { cause });
  }
}

class CallParser {
  readonly #text: string;
  readonly #read: (path: string) => unknown;
  #at = 0;

  constructor(text: string, read: (path: string) => unknown) {
    this.#text = text;
    this.#read = read;
  }

  parse(): unknown {
    const value = this.#value();
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw new Error(`unexpected "${this.#text.slice(this.#at)}"`);
    return value;
  }

  #value(): unknown {
    this.#skipBlanks();
    if (this.#text[this.#at] === "'") return this.#quoted();
    const call = this.#match(/States\.(\w+)\(/y);
    if (call !== undefined) return this.#call(call[1] ?? '');
    const word = this.#match(/(?:\[[^\]]*\]|[^,)\s])+/y)?.[0] ?? '';
    return word.startsWith('$') ? this.#read(word) : JSON.parse(word);
  }

  #call(name: string): unknown {
    const intrinsic = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
    if (intrinsic === undefined) throw new Error(`there is no function States.${name}`);
    const parameters: unknown[] = [];
    while (this.#match(/\s*\)/y) === undefined) {
      if (this.#at >= this.#text.length) throw new Error('a bracket is not closed');
      parameters.push(this.#value());
      this.#match(/\s*,/y);
    }
    return intrinsic(...parameters);
  }

  #quoted(): string {
    const match = this.#match(/'((?:[^'\\]|\\.)*)'/y);
    if (match === undefined) throw new Error('a quotation mark is not closed');
    // Escaped braces stay escaped: they are for Format to read.
    return (match[1] ?? '').replaceAll(/\\([^{}])/g, '$1');
  }

  #skipBlanks(): void {
    this.#match(/\s*/y);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }
}

function format(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replaceAll(/\\([{}])|\{\}/g, (_all, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = values[next];
    next += 1;
    return typeof value === 'string' ? value : JSON.stringify(value ?? null);
  });
}

function partition(array: readonly unknown[], size: number): unknown[] {
  const parts = Math.ceil(array.length / size);
  return Array.from({ length: parts }, (_, part) => array.slice(part * size, (part + 1) * size));
}

function range(from: number, to: number, step: number): number[] {
  if (step === 0) throw new Error('the step is 0');
  const count = Math.max(0, Math.floor((to - from) / step) + 1);
  if (count > 1_000) throw new Error('the range has more than 1000 members');
  return Array.from({ length: count }, (_, index) => from + index * step);
}

function item(array: readonly unknown[], index: number): unknown {
  if (index < 0 || index >= array.length) throw new Error(`there is no member ${index}`);
  return array[index];
}

function hash(value: unknown, algorithm: string): string {
  const name = hashes[algorithm];
  if (name === undefined) throw new Error(`there is no algorithm "${algorithm}"`);
  return createHash(name)
    .update(typeof value === 'string' ? value : JSON.stringify(value))
    .digest('hex');
}

function merge(first: unknown, second: unknown, deep: unknown): unknown {
  if (deep !== false) throw new Error('only a shallow merge is possible');
  if (!isObject(first) || !isObject(second)) throw new Error('both parameters must be objects');
  return { ...first, ...second };
}

function split(text: string, separators: string): string[] {
  const letters = separators.replaceAll(/[\\\]^-]/g, String.raw`\$&`);
  return text.split(new RegExp(`[${letters}]`)).filter((part) => part !== '');
}

function string(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`${JSON.stringify(value)} is not a string`);
}

function number(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new Error(`${JSON.stringify(value)} is not a number`);
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${JSON.stringify(value)} is not an array`);
}
