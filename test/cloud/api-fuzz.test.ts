/** Whatever is sent to the API, it answers as its own OpenAPI document says: never a 5xx, never an unknown status. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApiDocument } from '#contract/api/openapi.ts';
import type { Route } from '#contract/api/route.ts';
import { operationIds, routes } from '#contract/api/routes.ts';
import type { OperationId } from '#contract/api/routes.ts';
import { API_PREFIX } from '#contract/names.ts';
import { ProblemBody } from '#contract/problems.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { Answer, ControlPlane, Request } from './control-plane-fixture.ts';
import { hostileJson, hostileText, valuesOf } from './schema-values.ts';
import type { Components, Schema } from './schema-values.ts';

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

// The document is made of plain data; these are the parts of OpenAPI's form that are read here.
const document = openApiDocument('test') as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Components;
};
const REQUESTS_PER_OPERATION = 40;
const names = { namespace: 'default', application: 'fuzzed', deployment: 'fuzzed' };
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
  const { namespace, application, deployment: name } = names;
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: { namespace, application }, body: size });
  await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  await plane.call('createApplicationVersion', {
    params: { namespace, application },
    body: { ...size, graphHash: 'b'.repeat(64), graph: { nodes: [] } },
  });
  const created = await plane.call('createDeployment', {
    params: { namespace },
    body: { name, spec: { application, version: 1 } },
  });
  expect(created.status).toBe(201);
});

afterAll(async () => plane.close());

test.each(operationIds)('%s answers random requests as the document declares', async (id) => {
  const declared = operationOf(id);
  const seen = new Set<number>();
  const property = fc.asyncProperty(requestsOf(id, declared), async (request) => {
    const answer = await plane.call(id, request);
    seen.add(answer.status);
    expectDeclared(id, declared, answer);
  });
  await fc.assert(property, { numRuns: REQUESTS_PER_OPERATION });
  expect(seen.size).toBeGreaterThan(0);
});

function operationOf(id: OperationId): Operation {
  const route: Route = routes[id];
  const path = API_PREFIX + route.path.replace('+}', '}');
  const found = document.paths[path]?.[route.method.toLowerCase()];
  if (found === undefined) throw new Error(`The document has no operation ${id}`);
  return found;
}

function expectDeclared(id: OperationId, declared: Operation, answer: Answer): void {
  const told = `${id} answered ${answer.status} ${JSON.stringify(answer.body)}`;
  const response = declared.responses[answer.status];
  expect(response, told).toBeDefined();
  // Flink's paths that Headwater does not carry out say so by their own status.
  if (answer.status !== 501) expect(answer.status, told).toBeLessThan(500);
  const [contentType] = (answer.headers['content-type'] ?? '').split(';');
  if (answer.status !== 304) expect(Object.keys(response?.content ?? {}), told).toContain(contentType);
  if (contentType !== 'application/problem+json') return;
  const problem = ProblemBody.parse(answer.body);
  expect(problem.status, told).toBe(answer.status);
  expect(problem.detail, told).toMatch(/^[A-Z].*\S$/s);
}

function requestsOf(id: OperationId, operation: Operation): fc.Arbitrary<Request> {
  const parameters = (where: string) => operation.parameters.filter((one) => one.in === where);
  const params = parameters('path').map(({ name, schema }) => [name, pathValues(name, schema)] as const);
  const query = parameters('query').map(({ name, schema }) => [name, queryValues(schema)] as const);
  return fc
    .record({
      params: fc.record(Object.fromEntries(params)),
      query: fc.record(Object.fromEntries(query), { requiredKeys: [] }),
      body: bodies(operation),
      headers: fc.record({ ...headerValues, ...contentTypes(id) }, { requiredKeys: [] }),
      role: fc.constantFrom('admin', 'admin', 'admin', 'admin', 'viewer', 'nobody'),
    })
    .map(({ body, ...request }) => ({ ...request, ...body }));
}

/** Mostly what exists, so that the handlers are reached. */
function pathValues(name: string, schema: Schema): fc.Arbitrary<unknown> {
  const existing = Object.entries({ ...names, version: '1', job: '1', path: 'jobs/overview' });
  const known = existing.find(([key]) => key === name)?.[1];
  const foreign = fc.oneof(valuesOf(schema, document.components).map(asText), hostileText).map(wellFormed);
  return known === undefined
    ? foreign
    : fc.oneof({ weight: 5, arbitrary: fc.constant(known) }, { weight: 1, arbitrary: foreign });
}

function queryValues(schema: Schema): fc.Arbitrary<unknown> {
  const text = valuesOf(schema, document.components).map(asText).map(wellFormed);
  return fc.oneof(text, hostileText.map(wellFormed), fc.array(text, { minLength: 2, maxLength: 3 }));
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** A URL holds no half of a surrogate pair. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}

const headerValues = {
  'idempotency-key': fc.oneof(fc.uuid(), fc.uuid(), fc.constantFrom('same', '', ' ', 'ü', 'x'.repeat(300))),
  'if-match': fc.constantFrom('"1"', '"2"', 'W/"1"', '*', '1', '', '"99999999999999999999"'),
  'if-none-match': fc.constantFrom('"1"', '*', 'W/"x"', ''),
  'x-request-id': fc.constantFrom('mine', 'a b', '\n', 'x'.repeat(500)),
};

function contentTypes(id: OperationId): Record<string, fc.Arbitrary<string>> {
  const route: Route = routes[id];
  if (route.body === undefined) return {};
  const right = route.bodyType ?? 'application/json';
  return {
    'content-type': fc.constantFrom(
      right,
      right,
      right,
      `${right}; charset=utf-8`,
      'text/plain',
      '',
      'a/b/c',
    ),
  };
}

type Body = Pick<Request, 'body' | 'rawBody'>;

function bodies(operation: Operation): fc.Arbitrary<Body> {
  const [content] = Object.values(operation.requestBody?.content ?? {});
  const rawBody = fc.constantFrom(
    '',
    ' ',
    '{',
    '[]',
    'null',
    '"',
    '{"a":1}{}',
    '\0',
    `"${'x'.repeat(1_100_000)}"`,
  );
  const fitting = content === undefined ? hostileJson : valuesOf(content.schema, document.components);
  return fc.oneof(
    { weight: 6, arbitrary: fitting.map((body): Body => ({ body })) },
    { weight: 1, arbitrary: rawBody.map((text): Body => ({ rawBody: text })) },
  );
}
