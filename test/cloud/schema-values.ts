/** Random values for JSON schemas of the OpenAPI document: mostly as the schema asks, now and then not at all. */
import * as fc from 'fast-check';

export type Schema = Readonly<Record<string, unknown>>;

/** Text that has broken parsers before: control characters, escapes, other scripts, half pairs, long words. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '%',
    '%2F',
    '%00',
    '../..',
    '__proto__',
    'constructor',
    'null',
    '-1',
    '1e309',
  ),
  fc.constantFrom(
    'Zürich',
    '東京',
    '🍊',
    '\ud800',
    '\u202e',
    "' OR 1=1 --",
    '${jndi:x}',
    '{{x}}',
    '<script>',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 60, max: 5000 }).map((length) => 'x'.repeat(length)),
);

/** Any JSON value of modest size. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  hostileText,
  fc.constantFrom(null, 0, -1, 1e308, 2 ** 53, [], {}, [[]], JSON.parse('{"__proto__":{"a":1}}')),
);

export interface Components {
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** Values that the schema allows, as far as this reads it, with one in eight of their parts replaced by anything. */
export function valuesOf(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 7, arbitrary: fittingValues(schema, components) },
    { weight: 1, arbitrary: hostileJson },
  );
}

function fittingValues(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    return fittingValues(components.schemas[name] ?? {}, components);
  }
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) {
    // The members of these keywords are schemas.
    return fc.oneof(...options.map((option) => valuesOf(option as Schema, components)));
  }
  if (Array.isArray(schema['enum'])) return fc.constantFrom<unknown>(...schema['enum']);
  if ('const' in schema) return fc.constant(schema['const']);
  return typedValues(schema, components);
}

function typedValues(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  switch (schema['type']) {
    case 'string':
      return texts(schema);
    case 'integer':
      return fc.integer({ min: number(schema, 'minimum', -5), max: number(schema, 'maximum', 1_000_000) });
    case 'number':
      return fc.double({
        min: number(schema, 'minimum', -5),
        max: number(schema, 'maximum', 1e9),
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      // As above: the value of this keyword is a schema.
      return fc.array(valuesOf((schema['items'] ?? {}) as Schema, components), { maxLength: 3 });
    case 'object':
      return objects(schema, components);
    default:
      return hostileJson;
  }
}

function texts(schema: Schema): fc.Arbitrary<string> {
  const { pattern, maxLength } = schema;
  if (schema['format'] === 'date-time') return fc.constant('2026-01-31T12:00:00.000Z');
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  return fc.string({
    unit: 'grapheme',
    maxLength: typeof maxLength === 'number' ? Math.min(maxLength, 50) : 50,
  });
}

function objects(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valuesOf(one, components)])),
    { requiredKeys: required },
  );
  const foreign = fc.dictionary(hostileText, hostileJson, { maxKeys: 1 });
  const isOpen = schema['additionalProperties'] !== false;
  return fc
    .tuple(
      known,
      fc.oneof({ weight: isOpen ? 1 : 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: foreign }),
    )
    .map(([fields, extra]) => ({ ...extra, ...fields }));
}

function number(schema: Schema, keyword: string, fallback: number): number {
  const value = schema[keyword];
  return typeof value === 'number' ? value : fallback;
}
