/** The OpenAPI 3.1 document, derived from the route table; zod speaks the JSON Schema 2020-12 that 3.1 embeds. */
import * as z from 'zod';
import { API_PREFIX } from '../names.ts';
import { problems, type ProblemCode } from '../problems.ts';
import { type Components, exampleOf } from './example.ts';
import { parameterTexts } from './parameter-texts.ts';
import { queryOf } from './fields.ts';
import type { Fields, Route } from './route.ts';
import { routes } from './routes.ts';

type Json = Record<string, unknown>;

const reference = (id: string): string => `#/components/schemas/${id}`;

export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  const schemas = componentSchemas();
  for (const [operationId, route] of Object.entries(routes) as [string, Route][]) {
    const path = API_PREFIX + route.path.replace('+}', '}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(operationId, route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Headwater API',
      version,
      description: 'Applications, deployments and their state: start, suspend, cancel, savepoint.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas,
    },
  };
}

function operation(operationId: string, route: Route, components: Components): Json {
  return {
    operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(route.permission === 'public' ? { security: [] } : { 'x-permission': route.permission }),
    parameters: [...fields('path', route.params), ...fields('query', queryOf(route)), ...headers(route)],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            // No body at all is read as `{}`.
            required: !route.body.safeParse({}).success,
            content: {
              [route.bodyType ?? 'application/json']: withExample(schemaOf(route.body, 'input'), components),
            },
          },
        }),
    responses: {
      ...successResponses(route, components),
      ...problemResponses(route),
    },
  };
}

function withExample(schema: Json, components: Components): Json {
  return { schema, example: exampleOf(schema, components) };
}

function successResponses(route: Route, components: Components): Json {
  const { status, alsoStatus, body, textType } = route.success;
  const answer = {
    description: route.summary,
    content: {
      [route.bodyIsText === true ? 'text/plain' : 'application/json']: withExample(
        schemaOf(body, 'output'),
        components,
      ),
      ...(textType === undefined ? {} : { [textType]: { schema: { type: 'string' } } }),
    },
  };
  return {
    [status]: answer,
    ...(alsoStatus === undefined ? {} : { [alsoStatus]: answer }),
    ...(route.method === 'GET' ? { 304: { description: 'The ETag in If-None-Match still holds' } } : {}),
  };
}

function problemResponses(route: Route): Json {
  const byStatus = Map.groupBy(new Set(problemsOf(route)), (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
        content: route.tag === 'Flink' ? flinkErrors : problemJson,
      },
    ]),
  );
}

/** What the row names, and what the form of the request brings with it. */
function problemsOf(route: Route): ProblemCode[] {
  const codes: ProblemCode[] = [...route.problems, 'invalid-request', 'internal'];
  if (route.permission !== 'public') codes.push('unauthenticated', 'forbidden', 'too-many-requests');
  if (route.body !== undefined) codes.push('invalid-json', 'unsupported-media-type', 'body-too-large');
  if (route.idempotent === true) codes.push('missing-header', 'idempotency-key-reused');
  if (route.ifMatch !== undefined) codes.push('precondition-required', 'revision-changed');
  return codes;
}

const problemJson: Json = { 'application/problem+json': { schema: { $ref: reference('Problem') } } };

/** Flink's clients know an error only in this form. */
const flinkErrors: Json = {
  'application/json': {
    schema: {
      type: 'object',
      properties: { errors: { type: 'array', items: { type: 'string' } } },
      required: ['errors'],
    },
  },
};

function fields(where: 'path' | 'query', shape: Fields | undefined): Json[] {
  return Object.entries(shape?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path',
    description: parameterTexts[name],
    schema: schemaOf(schema as z.ZodType, 'input'), // A ZodObject's shape holds schemas.
  }));
}

function headers(route: Route): Json[] {
  const header = (name: string, description: string): Json => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  });
  return [
    ...(route.idempotent ? [header('Idempotency-Key', 'The same key answers the same operation.')] : []),
    ...(route.ifMatch === true ? [header('If-Match', 'The ETag that was read.')] : []),
    ...(route.ifMatch === 'optional'
      ? [{ ...header('If-Match', 'The ETag that was read; absent: any.'), required: false }]
      : []),
  ];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const id = z.globalRegistry.get(schema)?.id;
  if (typeof id === 'string') return { $ref: reference(id) };
  const { $schema: _dialect, $defs: _components, ...json } = z.toJSONSchema(schema, conversion(io));
  // Named schemas stand among the components; an inline one refers to them there.
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

function componentSchemas(): Record<string, Json> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { ...conversion('input'), uri: reference });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _dialect, $id: _address, ...json }]) => [id, json]),
  );
}

function conversion(io: 'input' | 'output') {
  return {
    io,
    target: 'draft-2020-12' as const,
    unrepresentable: 'any' as const,
    // zod writes a long pattern beside `format: date-time`; the format says it all.
    override: ({ jsonSchema }: { jsonSchema: Json }): void => {
      if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern'];
    },
  };
}
