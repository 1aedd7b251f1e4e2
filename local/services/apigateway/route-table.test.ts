import { describe, expect, it } from 'vitest';
import { RouteTable } from './route-table.ts';

const table = new RouteTable();
for (const routeKey of [
  '$default',
  'ANY /things/{proxy+}',
  'GET /things/{id}',
  'GET /things/special',
  'ANY /things/special',
  'GET /things/{id}/parts/{part}',
  'POST /things',
]) {
  table.put({ routeKey, integrationId: 'i', scopes: [] });
}

describe('a route', () => {
  it.each([
    ['GET', '/things/special', 'GET /things/special', {}],
    ['PUT', '/things/special', 'ANY /things/special', {}],
    ['GET', '/things/7', 'GET /things/{id}', { id: '7' }],
    ['GET', '/things/7/', 'GET /things/{id}', { id: '7' }],
    ['DELETE', '/things/7', 'ANY /things/{proxy+}', { proxy: '7' }],
    ['GET', '/things/7/parts/a b', 'GET /things/{id}/parts/{part}', { id: '7', part: 'a b' }],
    ['GET', '/things/7/parts', 'ANY /things/{proxy+}', { proxy: '7/parts' }],
    ['POST', '/things', 'POST /things', {}],
    ['GET', '/else', '$default', {}],
  ])('of %s %s is %s', (method, path, routeKey, pathParameters) => {
    const match = table.match(method, path);
    expect(match?.route.routeKey).toBe(routeKey);
    expect(match?.pathParameters).toEqual(pathParameters);
  });
});
