/** What of an OpenAPI document would break a client that was written for an older one. */

type Json = Readonly<Record<string, unknown>>;

/** In requests a client must not be asked for more, in answers it must not be told less. */
type Direction = 'request' | 'answer';

interface Side {
  readonly document: Json;
  readonly schema: Json;
}

interface Place {
  readonly direction: Direction;
  /** Words for people: `answer 200 of getDeployment, /status/state`. */
  readonly at: string;
  /** References that led here, since schemas may hold themselves. */
  readonly seen: ReadonlySet<string>;
}

/** One sentence for each; additions that a client may ignore are none. */
export function breakingChanges(before: Json, after: Json): string[] {
  const [older, newer] = [operationsOf(before), operationsOf(after)];
  return [...older].flatMap(([key, operation]) => {
    const counterpart = newer.get(key);
    if (counterpart === undefined) return [`${key} (${text(operation['operationId'])}) is gone`];
    const name = text(operation['operationId']);
    const pair = {
      before: { document: before, operation },
      after: { document: after, operation: counterpart },
    };
    return [
      ...(name === counterpart['operationId'] ? [] : [`${key} was called ${name}`]),
      ...parameterChanges(pair, name),
      ...bodyChanges(pair, name),
      ...answerChanges(pair, name),
    ];
  });
}

interface Pair {
  readonly before: { readonly document: Json; readonly operation: Json };
  readonly after: { readonly document: Json; readonly operation: Json };
}

function operationsOf(document: Json): Map<string, Json> {
  return new Map(
    Object.entries(object(document['paths'])).flatMap(([path, item]) =>
      Object.entries(object(item)).map(([method, operation]) => [
        `${method.toUpperCase()} ${path}`,
        object(operation),
      ]),
    ),
  );
}

function parameterChanges({ before, after }: Pair, name: string): string[] {
  const named = ({ operation }: Pair['before']): Map<string, Json> =>
    new Map(list(operation['parameters']).map((one) => [`${text(one['in'])} ${text(one['name'])}`, one]));
  const [older, newer] = [named(before), named(after)];
  const removed = [...older].flatMap(([key, parameter]) => {
    const counterpart = newer.get(key);
    if (counterpart === undefined) return [`${name} no longer takes ${key}`];
    return schemaChanges(
      { document: before.document, schema: object(parameter['schema']) },
      { document: after.document, schema: object(counterpart['schema']) },
      { direction: 'request', at: `${name}, ${key}`, seen: new Set() },
    );
  });
  const demanded = [...newer]
    .filter(([key, { required }]) => required === true && older.get(key)?.['required'] !== true)
    .map(([key]) => `${name} requires ${key} now`);
  return [...removed, ...demanded];
}

function bodyChanges({ before, after }: Pair, name: string): string[] {
  const [older, newer] = [before, after].map(({ operation }) => object(operation['requestBody']));
  const demanded = newer?.['required'] === true && older?.['required'] !== true;
  return [
    ...(demanded ? [`${name} requires a body now`] : []),
    ...contentChanges(
      { document: before.document, schema: object(older?.['content']) },
      { document: after.document, schema: object(newer?.['content']) },
      { direction: 'request', at: `body of ${name}`, seen: new Set() },
    ),
  ];
}

function answerChanges({ before, after }: Pair, name: string): string[] {
  const newer = object(after.operation['responses']);
  return Object.entries(object(before.operation['responses']))
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, response]) => {
      const counterpart = newer[status];
      if (counterpart === undefined) return [`${name} no longer answers ${status}`];
      return contentChanges(
        { document: before.document, schema: object(object(response)['content']) },
        { document: after.document, schema: object(object(counterpart)['content']) },
        { direction: 'answer', at: `answer ${status} of ${name}`, seen: new Set() },
      );
    });
}

function contentChanges(before: Side, after: Side, place: Place): string[] {
  return Object.entries(before.schema).flatMap(([mediaType, content]) => {
    const counterpart = after.schema[mediaType];
    if (counterpart === undefined) return [`${place.at}: ${mediaType} is gone`];
    return schemaChanges(
      { document: before.document, schema: object(object(content)['schema']) },
      { document: after.document, schema: object(object(counterpart)['schema']) },
      place,
    );
  });
}

function schemaChanges(before: Side, after: Side, place: Place): string[] {
  const reference = text(before.schema['$ref']);
  if (reference !== '' && place.seen.has(reference)) return [];
  const seen = new Set([...place.seen, reference]);
  const [older, newer] = [resolved(before), resolved(after)];
  const inside = { ...place, seen };
  return [
    ...typeChanges(older.schema, newer.schema, inside),
    ...propertyChanges(older, newer, inside),
    ...memberChanges(older, newer, inside),
  ];
}

function typeChanges(before: Json, after: Json, { direction, at }: Place): string[] {
  const [was, is] = [typesOf(before), typesOf(after)];
  if (was.length === 0 || is.length === 0) return [];
  // A request may take more than before, an answer may give less than before.
  const [wanted, given] = direction === 'request' ? [was, is] : [is, was];
  const missing = wanted.filter(
    (type) => !given.includes(type) && !(type === 'integer' && given.includes('number')),
  );
  if (missing.length === 0) return enumChanges(before, after, { direction, at });
  return [`${at}: was ${was.join(' or ')}, is ${is.join(' or ')}`];
}

function enumChanges(
  before: Json,
  after: Json,
  { direction, at }: Pick<Place, 'direction' | 'at'>,
): string[] {
  const [was, is] = [before['enum'], after['enum']];
  // Clients must take values that they do not know, so an answer may have new ones.
  if (direction === 'answer' || !Array.isArray(is)) return [];
  if (!Array.isArray(was)) return [`${at}: takes only ${is.join(', ')} now`];
  const gone = was.filter((value) => !is.includes(value));
  return gone.length === 0 ? [] : [`${at}: no longer takes ${gone.join(', ')}`];
}

function propertyChanges(before: Side, after: Side, place: Place): string[] {
  const [older, newer] = [object(before.schema['properties']), object(after.schema['properties'])];
  const [needed, needs] = [names(before.schema['required']), names(after.schema['required'])];
  const changed = Object.entries(older).flatMap(([name, schema]) => {
    const at = `${place.at}${place.at.includes(', /') ? '' : ', '}/${name}`;
    const counterpart = newer[name];
    if (counterpart === undefined) return [`${at} is gone`];
    return schemaChanges(
      { document: before.document, schema: object(schema) },
      { document: after.document, schema: object(counterpart) },
      { ...place, at },
    );
  });
  const rules =
    place.direction === 'request'
      ? needs.filter((name) => !needed.includes(name)).map((name) => `${place.at}: "${name}" is required now`)
      : needed
          .filter((name) => !needs.includes(name) && name in newer)
          .map((name) => `${place.at}: "${name}" may be absent now`);
  return [...changed, ...rules];
}

/** Of lists, maps and alternatives. */
function memberChanges(before: Side, after: Side, place: Place): string[] {
  const single = ['items', 'additionalProperties'].flatMap((keyword) => {
    const [older, newer] = [before.schema[keyword], after.schema[keyword]];
    if (!isObject(older) || !isObject(newer)) return [];
    return schemaChanges(
      { document: before.document, schema: older },
      { document: after.document, schema: newer },
      { ...place, at: `${place.at}${keyword === 'items' ? '[]' : '{}'}` },
    );
  });
  const alternatives = ['anyOf', 'oneOf'].flatMap((keyword) => {
    const [older, newer] = [list(before.schema[keyword]), list(after.schema[keyword])];
    if (older.length === 0 || older.length !== newer.length) return [];
    return older.flatMap((schema, index) =>
      schemaChanges(
        { document: before.document, schema },
        { document: after.document, schema: newer[index] ?? {} },
        place,
      ),
    );
  });
  return [...single, ...alternatives];
}

/** Alternatives of plain types count as types: that is how something may be null. */
function typesOf(schema: Json): string[] {
  const alternatives = list(schema['anyOf']);
  if (alternatives.length > 0) {
    const types = alternatives.map((one) =>
      typeof one['$ref'] === 'string' ? 'reference' : (typesOf(one)[0] ?? ''),
    );
    return [...new Set(types)].filter((type) => type !== '');
  }
  return [schema['type']].flat().filter((type) => typeof type === 'string');
}

function resolved(side: Side): Side {
  const reference = side.schema['$ref'];
  if (typeof reference !== 'string') return side;
  const name = reference.split('/').at(-1) ?? '';
  const schemas = object(object(side.document['components'])['schemas']);
  return { ...side, schema: object(schemas[name]) };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
