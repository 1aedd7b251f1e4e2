/** Parts of answers, and requests with names that do not exist. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '#contract/api/route.ts';
import { routes } from '#contract/api/routes.ts';
import type { OperationId } from '#contract/api/routes.ts';
import { selectableBody } from '#contract/api/fields.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';

const namespace = 'default';
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
  for (const name of ['clicks', 'payments'])
    await plane.call('createApplication', { params: { namespace }, body: { name } });
});
afterAll(async () => plane.close());

describe('fields', () => {
  test('gives of a resource the fields that were asked for', async () => {
    const params = { namespace, application: 'clicks' };
    const { body, headers } = await plane.call('getApplication', {
      params,
      query: { fields: 'retention.keepUnused,name' },
    });
    expect(body).toEqual({ name: 'clicks', retention: { keepUnused: null } });
    expect(headers['etag']).toBe('"1"');
    const all = await plane.call('getApplication', {
      params,
      query: { fields: 'retention,retention.keepUnused' },
    });
    expect(all.body).toEqual({ retention: { keepUnused: null } });
  });

  test('gives them of every item of a list, and keeps the cursor', async () => {
    const { body } = await plane.call('listApplications', {
      params: { namespace },
      query: { fields: 'name', limit: 1 },
    });
    expect(body).toEqual({ items: [{ name: 'payments' }], next: expect.any(String) });
  });

  test('reaches below what is free in its names', async () => {
    const params = { namespace, application: 'clicks' };
    const query = { fields: 'labels.team' };
    expect((await plane.call('getApplication', { params, query })).body).toEqual({ labels: {} });
  });

  test.each([
    ['nmae', 'unknown field "nmae"; did you mean "name"?'],
    ['retention.keepunused', 'unknown field "keepunused" in "retention"; did you mean "keepUnused"?'],
    ['name.first', 'unknown field "first" in "name"; there are none here'],
  ])('refuses %s with what could have been meant', async (fields, message) => {
    const params = { namespace, application: 'clicks' };
    expect(await plane.call('getApplication', { params, query: { fields } })).toMatchObject({
      status: 422,
      body: { code: 'invalid-request', errors: [{ pointer: '/query/fields', message }] },
    });
  });

  test('can be selected of every answer that has any', () => {
    const without = Object.entries<Route>(routes)
      .filter(([, route]) => route.method === 'GET' && route.tag !== 'Flink')
      .filter(([, route]) => selectableBody(route) === undefined);
    expect(without.map(([id]) => id)).toEqual(['getOpenApi', 'getMetrics']);
  });
});

test('a query parameter that nobody knows is refused by every route but those of Flink', async () => {
  const accepted: string[] = [];
  for (const [id, { tag, path }] of Object.entries<Route>(routes) as [OperationId, Route][]) {
    if (tag === 'Flink') continue;
    const names = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => name);
    const params = Object.fromEntries(names.map((name) => [name, name === 'namespace' ? namespace : '1']));
    const { status, body } = await plane.call(id, { params, query: { surprise: '1' } });
    const isRefused = status === 422 && body.errors[0].message.startsWith('unknown field "surprise"');
    if (!isRefused) accepted.push(id);
  }
  expect(accepted).toEqual([]);
});

test('a misspelt query parameter is refused with what was meant', async () => {
  const params = { namespace };
  const { body } = await plane.call('listDeployments', { params, query: { lable: 'team:payments' } });
  expect(body.errors).toEqual([
    { pointer: '/query/lable', message: 'unknown field "lable"; did you mean "label"?' },
  ]);
});

test('no request body takes members that nobody knows', () => {
  const open = Object.entries<Route>(routes)
    .filter(([, { tag, body }]) => tag !== 'Flink' && body !== undefined)
    .filter(([, { body }]) => !refusesUnknown(body))
    .map(([id]) => id);
  // This merge patch is checked after it was merged, by the schema of the whole.
  expect(open).toEqual(['updateTarget']);
});

function refusesUnknown(body: Route['body']): boolean {
  const parsed = body?.safeParse({ surprise: 1 });
  return parsed?.success === false && JSON.stringify(parsed.error.issues).includes('"keys":["surprise"]');
}
