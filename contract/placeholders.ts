/** Placeholders such as `{{namespace}}` in the texts of a spec: they make one spec fit everywhere. */
import { pointerStep } from './differences.ts';
import type { SpecFault } from './effective-spec.ts';
import { isJsonObject } from './json-object.ts';
import { closestName } from './closest-name.ts';

/** Name of a placeholder → what takes its place. */
export type PlaceholderValues = ReadonlyMap<string, string | number | boolean>;

/** A document without placeholders, and where some were that stand for nothing. */
export interface Replaced {
  readonly value: unknown;
  readonly faults: readonly SpecFault[];
}

// A backslash before it keeps it as text. Other forms of braces, as templates of other tools have, are left alone.
const PLACEHOLDER = /(\\?)\{\{\s*([a-zA-Z][\w-]*(?:\.[\w-]+)?)\s*\}\}/g;
const ALONE = /^\{\{\s*([a-zA-Z][\w-]*(?:\.[\w-]+)?)\s*\}\}$/;
const SECRET = 'secret.';

/**
 * Puts values in the place of placeholders, in every text of a JSON document but not in names of members.
 *
 * A text that is nothing but one placeholder becomes its value with its type, so that a target can say a number. Those
 * of secrets stay: only the worker ever sees what they stand for.
 */
export function replacePlaceholders(value: unknown, values: PlaceholderValues, pointer: string): Replaced {
  const faults: SpecFault[] = [];
  return { value: replaced(value, { values, faults }, pointer), faults };
}

/** Names of the secrets that the texts of a document refer to. */
export function secretsIn(value: unknown): string[] {
  const found = new Set<string>();
  collectSecrets(value, found);
  return [...found].sort();
}

/** Puts the values of secrets in their places; one that has none stays as it is. */
export function insertSecrets(value: unknown, secrets: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(PLACEHOLDER, (whole, escape: string, name: string) => {
      if (!name.startsWith(SECRET)) return whole;
      return escape === '' ? (secrets.get(name.slice(SECRET.length)) ?? whole) : whole.slice(1);
    });
  }
  if (Array.isArray(value)) return value.map((item) => insertSecrets(item, secrets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, insertSecrets(member, secrets)]),
  );
}

interface Replacement {
  readonly values: PlaceholderValues;
  readonly faults: SpecFault[];
}

function replaced(value: unknown, replacement: Replacement, pointer: string): unknown {
  if (typeof value === 'string') return replacedText(value, replacement, pointer);
  if (Array.isArray(value)) {
    return value.map((item, index) => replaced(item, replacement, `${pointer}/${index}`));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      replaced(member, replacement, `${pointer}/${pointerStep(name)}`),
    ]),
  );
}

function replacedText(text: string, { values, faults }: Replacement, pointer: string): unknown {
  const alone = values.get(ALONE.exec(text)?.[1] ?? '');
  if (alone !== undefined) return alone;
  return text.replace(PLACEHOLDER, (whole, escape: string, name: string) => {
    // An escaped one of a secret keeps its backslash until the worker takes it away.
    if (name.startsWith(SECRET)) return whole;
    if (escape !== '') return whole.slice(1);
    const value = values.get(name);
    if (value === undefined) faults.push(unknownPlaceholder(name, values, pointer));
    return value === undefined ? whole : String(value);
  });
}

function unknownPlaceholder(name: string, values: PlaceholderValues, pointer: string): SpecFault {
  const known = [...values.keys()];
  const guess = closestName(name, [...known, 'secret.NAME']);
  const advice =
    guess === undefined ? `known are ${known.join(', ')} and secret.NAME` : `did you mean "{{${guess}}}"?`;
  return { pointer, message: `unknown placeholder "{{${name}}}"; ${advice}` };
}

function collectSecrets(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    for (const [, escape, name = ''] of value.matchAll(PLACEHOLDER)) {
      if (escape === '' && name.startsWith(SECRET)) found.add(name.slice(SECRET.length));
    }
  } else if (Array.isArray(value)) for (const item of value) collectSecrets(item, found);
  else if (isJsonObject(value)) for (const member of Object.values(value)) collectSecrets(member, found);
}
