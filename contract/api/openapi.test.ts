import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from './openapi.ts';
import type { Route } from './route.ts';
import { operationIds, routes } from './routes.ts';
import type { OperationId } from './routes.ts';

interface Content {
  readonly schema?: unknown;
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: unknown;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Content>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly securitySchemes: unknown;
  };
}

// As a client reads it: plain data of OpenAPI's form.
const text = JSON.stringify(openApiDocument('test'));
const document = JSON.parse(text) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, operation })),
);

describe('the OpenAPI document', () => {
  test('has every route once, under an id of its own', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.toSorted()).toEqual(operationIds.toSorted());
  });

  test('says of every operation what it does, of every parameter what it means', () => {
    const silent = operations.flatMap(({ operation }) => {
      const named = operation.parameters.filter(({ description = '' }) => description.length < 5);
      return [
        ...(operation.summary.length < 5 || operation.tags.length !== 1 ? [operation.operationId] : []),
        ...named.map(({ name }) => `${operation.operationId}: ${name}`),
        ...Object.entries(operation.responses)
          .filter(([, { description }]) => description === '')
          .map(([status]) => `${operation.operationId}: ${status}`),
      ];
    });
    expect(silent).toEqual([]);
  });

  test('declares the parameters that its paths name, and no others', () => {
    const wrong = operations.filter(({ path, operation }) => {
      const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      const declared = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      return declared.length !== inPath.size || declared.some((name) => !inPath.has(name));
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test('refers to nothing that it does not hold', () => {
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((name) => !(name in document.components.schemas))).toEqual([]);
  });

  test('asks for a token wherever a caller must be known', () => {
    const open = operations.filter(({ operation }) => operation.security !== undefined);
    const publicIds = operationIds.filter((id) => (routes[id] as Route).permission === 'public');
    expect(open.map(({ operation }) => operation.operationId).toSorted()).toEqual(publicIds.toSorted());
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
  });
});

describe('the examples of an operation', () => {
  const operationOf = (id: OperationId): Operation | undefined =>
    operations.find(({ operation }) => operation.operationId === id)?.operation;

  test.each(operationIds)('%s fit what it takes and what it answers', (id) => {
    const route: Route = routes[id];
    const operation = operationOf(id);
    const [request] = Object.values(operation?.requestBody?.content ?? {});
    if (route.body !== undefined) expectFit(route.body, request?.example);
    const [answer] = Object.values(operation?.responses[route.success.status]?.content ?? {});
    expect(answer).toHaveProperty('example');
    expectFit(route.success.body, answer?.example);
  });

  function expectFit(schema: z.ZodType, example: unknown): void {
    const parsed = schema.safeParse(example);
    expect(parsed.success ? '' : z.prettifyError(parsed.error), JSON.stringify(example)).toBe('');
  }
});
