/** Examples for the OpenAPI document: one fitting value of every schema, the same each time. */

type Json = Readonly<Record<string, unknown>>;

/** The components of a document, by name. */
export type Components = Readonly<Record<string, Json>>;

/** What fields hold that are called so everywhere; used where the schema takes it. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  application: 'payments-dashboard',
  author: 'Ada Byron',
  branch: 'main',
  commit: 'c8b3f0d1a5e2',
  code: 'revision-changed',
  deployment: 'payments-production',
  description: 'Payments by country and minute',
  detail: 'Cannot change deployment "payments-production": it is at revision 8, If-Match names 7',
  labels: { team: 'payments' },
  message: 'The job runs.',
  name: 'payments-production',
  namespace: 'default',
  operator: 'per-country',
  parallelism: 2,
  pointer: '/spec/parallelism',
  reason: 'Roll out commit c8b3f',
  region: 'eu-west-1',
  role: 'editor',
  schema: 'STRING',
  tag: 'c8b3f',
  url: 'https://example.com/events',
  version: 7,
};

const BY_COMPONENT: Readonly<Record<string, unknown>> = {
  Actor: 'user:ada',
  DeploymentPattern: 'payments-*',
  Duration: '10 seconds',
  Member: 'group:payments',
  Name: 'payments-production',
  SecretReference: 'arn:aws:ssm:eu-west-1:123456789012:parameter/payments/password',
  Sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  Timestamp: '2026-01-31T12:00:00.000Z',
  Ulid: '01kfm8v6x2e7q3s4t5w6y7z8ab',
  VersionReference: '7',
  VersionTag: 'c8b3f',
};

const TEXTS = [
  'example',
  'payments',
  '0123456789abcdef0123456789abcdef',
  'subnet-0a1b',
  'sg-0a1b',
  'manifest.json',
];

// Documents hold themselves here and there; nobody reads an example deeper than that.
const DEPTH = 12;

/** A value that the schema takes: required fields and those that people name; nothing where it takes anything. */
export function exampleOf(schema: Json, components: Components, name = '', depth = 0): unknown {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const component = reference.split('/').at(-1) ?? '';
    const target = components[component] ?? {};
    if (name in BY_NAME && takes(target, BY_NAME[name], components)) return BY_NAME[name];
    return BY_COMPONENT[component] ?? exampleOf(target, components, name, depth + 1);
  }
  if (name in BY_NAME && takes(schema, BY_NAME[name], components)) return BY_NAME[name];
  if ('default' in schema) return schema['default'];
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['examples'])) return schema['examples'][0];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) {
    const chosen = depth > DEPTH ? options.find(isNull) : options.find((option) => !isNull(option));
    return exampleOf((chosen ?? options[0]) as Json, components, name, depth + 1); // Members of these are schemas.
  }
  return typedExample(schema, components, { name, depth });
}

function typedExample(
  schema: Json,
  components: Components,
  { name, depth }: { readonly name: string; readonly depth: number },
): unknown {
  switch ([schema['type']].flat()[0]) {
    case 'string':
      return textExample(schema);
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? Math.max(schema['minimum'], 1) : 1;
    case 'boolean':
      return false;
    case 'array':
      return isSchema(schema['items']) && depth <= DEPTH
        ? [exampleOf(schema['items'], components, name.replace(/s$/, ''), depth + 1)]
        : [];
    case 'object':
      return objectExample(schema, components, depth);
    default:
      return null;
  }
}

function objectExample(schema: Json, components: Components, depth: number): Json {
  const properties = Object.entries(isSchema(schema['properties']) ? schema['properties'] : {});
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.fromEntries(
    properties
      .filter(([name]) => required.includes(name) || (depth < 2 && name in BY_NAME))
      .map(([name, member]) => [
        name,
        isSchema(member) ? exampleOf(member, components, name, depth + 1) : null,
      ]),
  );
}

function textExample({ format, pattern, minLength }: Json): string {
  if (format === 'date-time') return '2026-01-31T12:00:00.000Z';
  if (format === 'uri') return 'https://example.com/';
  const fitting =
    typeof pattern === 'string' ? TEXTS.find((text) => new RegExp(pattern).test(text)) : undefined;
  return (fitting ?? 'example').padEnd(typeof minLength === 'number' ? minLength : 0, '.');
}

/** Whether a value of a well-known field fits here: by type and pattern, as far as that can be told in short. */
function takes(schema: Json, value: unknown, components: Components): boolean {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    return takes(components[reference.split('/').at(-1) ?? ''] ?? {}, value, components);
  }
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options))
    return options.some((option) => isSchema(option) && takes(option, value, components));
  if ('const' in schema) return schema['const'] === value;
  if (Array.isArray(schema['enum'])) return schema['enum'].includes(value);
  const type = [schema['type']].flat()[0];
  if (typeof value === 'string') {
    return (
      type === 'string' &&
      (typeof schema['pattern'] !== 'string' || new RegExp(schema['pattern']).test(value))
    );
  }
  if (typeof value === 'number') return type === 'integer' || type === 'number';
  return type === 'object' && schema['properties'] === undefined;
}

function isNull(schema: unknown): boolean {
  return isSchema(schema) && schema['type'] === 'null';
}

function isSchema(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
