/** What differs between the configurations that two versions take, by their JSON Schemas. */
import { isEqualJson, pointerStep } from '#contract/differences.ts';
import { isJsonObject } from '#contract/json-object.ts';
import type { ConfigurationChange } from '#contract/resources/version-comparison.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A field of a configuration and what its schema asks. */
interface Field {
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** Limits by which a schema refuses values; a change of one may refuse what was taken before. */
const LIMITS = ['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems'] as const;

/** Field by field; a version that takes no configuration has no fields. */
export function configurationChanges(before: Schema | null, after: Schema | null): ConfigurationChange[] {
  const [older, newer] = [fieldsOf(before ?? {}, ''), fieldsOf(after ?? {}, '')];
  const pointers = [...new Set([...older.keys(), ...newer.keys()])];
  return pointers.flatMap((pointer) => changesAt(pointer, older.get(pointer), newer.get(pointer)));
}

function fieldsOf(schema: Schema, pointer: string): Map<string, Field> {
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return new Map();
  const names = Array.isArray(required) ? required : [];
  return new Map(
    Object.entries(properties).flatMap(([name, member]) => {
      if (!isJsonObject(member)) return [];
      const at = `${pointer}/${pointerStep(name)}`;
      const isRequired = names.includes(name) && member['default'] === undefined;
      return [[at, { schema: member, isRequired }] as const, ...fieldsOf(member, at)];
    }),
  );
}

function changesAt(
  pointer: string,
  before: Field | undefined,
  after: Field | undefined,
): ConfigurationChange[] {
  if (after === undefined) {
    // A version may refuse fields that it does not know.
    return [{ pointer, change: 'removed', message: 'is no longer taken', breaking: true }];
  }
  if (before === undefined) {
    const need = after.isRequired ? 'is new and required' : 'is new';
    const message = `${need}: ${typeText(after.schema)}${defaultText(after.schema)}`;
    return [{ pointer, change: 'added', message, breaking: after.isRequired }];
  }
  return differencesOf(before, after).map((difference) => ({ pointer, change: 'changed', ...difference }));
}

type FieldDifference = Pick<ConfigurationChange, 'message' | 'breaking'>;

function differencesOf(before: Field, after: Field): FieldDifference[] {
  const found: FieldDifference[] = [];
  const [was, is] = [typeText(before.schema), typeText(after.schema)];
  if (was !== is) found.push({ message: `was ${was}, is ${is}`, breaking: true });
  if (before.isRequired !== after.isRequired) {
    const message = after.isRequired ? 'is required now' : 'is no longer required';
    found.push({ message, breaking: after.isRequired });
  }
  for (const keyword of ['default', ...LIMITS]) {
    const [old, now] = [before.schema[keyword], after.schema[keyword]];
    if (isEqualJson(old, now)) continue;
    const message = `${keyword} was ${JSON.stringify(old) ?? 'absent'}, is ${JSON.stringify(now) ?? 'absent'}`;
    found.push({ message, breaking: keyword !== 'default' && now !== undefined });
  }
  return found;
}

function typeText({ type, enum: choices, items }: Schema): string {
  if (Array.isArray(choices)) return `one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`;
  const name =
    [type]
      .flat()
      .filter((one) => typeof one === 'string')
      .join(' or ') || 'anything';
  return name === 'array' && isJsonObject(items) ? `array of ${typeText(items)}` : name;
}

function defaultText({ default: value }: Schema): string {
  return value === undefined ? '' : `, default ${JSON.stringify(value)}`;
}
