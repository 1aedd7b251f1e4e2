import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtInRoles, permissions, permissionsOfRole } from '#contract/access.ts';
import type { Permission } from '#contract/access.ts';
import { beyond, mayAccess, mayAccessWithin, resolveGrant } from './decide-access.ts';
import type { Grant } from './decide-access.ts';

const grant = (more: Partial<Grant> = {}): Grant => ({
  permissions: ['deployments:read'],
  namespace: null,
  deployment: null,
  ...more,
});

test.each<[string, Grant, Parameters<typeof mayAccess>[2], boolean]>([
  ['everywhere covers a deployment', grant(), { namespace: 'a', deployment: 'x' }, true],
  ['everywhere covers the platform', grant(), {}, true],
  ['a namespace covers itself', grant({ namespace: 'a' }), { namespace: 'a' }, true],
  ['a namespace covers no other', grant({ namespace: 'a' }), { namespace: 'b' }, false],
  ['a namespace does not cover the platform', grant({ namespace: 'a' }), {}, false],
  ['a deployment covers itself', grant({ deployment: 'x' }), { namespace: 'a', deployment: 'x' }, true],
  ['a deployment does not cover its namespace', grant({ deployment: 'x' }), { namespace: 'a' }, false],
  ['a pattern covers what it matches', grant({ deployment: 'x-*' }), { deployment: 'x-1' }, true],
  ['a pattern covers nothing else', grant({ deployment: 'x-*' }), { deployment: 'ax-1' }, false],
  [
    'a pattern covers what stands around its stars',
    grant({ deployment: 'a*b*c' }),
    { deployment: 'axbbc' },
    true,
  ],
  ['a pattern uses no letter twice', grant({ deployment: 'ab*ba' }), { deployment: 'aba' }, false],
  ['a pattern covers a narrower one', grant({ deployment: 'x-*' }), { deployment: 'x-y-*' }, true],
  ['a pattern does not cover a wider one', grant({ deployment: 'x-y-*' }), { deployment: 'x-*' }, false],
])('%s', (_, held, place, expected) => {
  expect(mayAccess([held], 'deployments:read', place)).toBe(expected);
  expect(mayAccess([held], 'deployments:write', place)).toBe(false);
});

test('a grant for one deployment reaches into its namespace and into no other', () => {
  const held = [grant({ namespace: 'a', deployment: 'x' })];
  expect(mayAccessWithin(held, 'deployments:read', {})).toBe(true);
  expect(mayAccessWithin(held, 'deployments:read', { namespace: 'a' })).toBe(true);
  expect(mayAccessWithin(held, 'deployments:read', { namespace: 'b' })).toBe(false);
  expect(mayAccessWithin(held, 'deployments:read', { namespace: 'a', deployment: 'y' })).toBe(false);
});

test('what is given is held by whoever gives it, for any two grants', () => {
  const letters = fc.constantFrom('a', 'b', null);
  const pattern = fc.constantFrom('a', 'b', 'ab', 'a*', '*b', '*', null);
  const some = fc.subarray<Permission>(['deployments:read', 'deployments:write', 'tokens:write']);
  const anyGrant = fc.record({ permissions: some, namespace: letters, deployment: pattern });
  const names = fc.constantFrom('a', 'b', 'ab', 'aab', 'ba');
  const place = fc.record({ namespace: fc.constantFrom('a', 'b'), deployment: names });
  const property = fc.property(anyGrant, anyGrant, place, (held, given, where) => {
    fc.pre(beyond([held], given).length === 0);
    for (const permission of given.permissions) {
      if (mayAccess([given], permission, where)) expect(mayAccess([held], permission, where)).toBe(true);
    }
  });
  fc.assert(property, { numRuns: 3000 });
});

test('a pattern of many stars is judged at once', () => {
  const held = [grant({ deployment: `${'a*'.repeat(31)}b` })];
  expect(mayAccess(held, 'deployments:read', { deployment: 'a'.repeat(63) })).toBe(false);
});

test('a role that is gone permits nothing, and a custom one what it lists', () => {
  const stated = { role: 'starter', permissions: [], namespace: 'a', deployment: null };
  expect(resolveGrant(stated, new Map()).permissions).toEqual([]);
  const roles = new Map<string, Permission[]>([['starter', ['deployments:operate']]]);
  expect(resolveGrant(stated, roles)).toEqual({
    permissions: ['deployments:operate'],
    namespace: 'a',
    deployment: null,
  });
  expect(resolveGrant({ ...stated, role: 'admin' }, roles).permissions).toEqual(permissions);
});

test('each built-in role holds all of the one before it, and only operators and above act', () => {
  for (const [index, role] of builtInRoles.entries()) {
    const before = builtInRoles[index - 1];
    if (before === undefined) continue;
    expect(permissionsOfRole[role]).toEqual(expect.arrayContaining([...permissionsOfRole[before]]));
  }
  expect(permissionsOfRole.viewer.every((permission) => permission.endsWith(':read'))).toBe(true);
  for (const hidden of ['secrets:read', 'tokens:read', 'access:read', 'audit:read'] as const) {
    expect(permissionsOfRole.viewer).not.toContain(hidden);
  }
});
