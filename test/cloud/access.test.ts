/** Who may call what: roles, bindings and tokens, as the functions themselves decide. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionEnvironment } from '#contract/names.ts';
import type { ApiToken } from '#contract/resources/api-token.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { Answer, ControlPlane } from './control-plane-fixture.ts';

let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
  for (const name of ['payments', 'search']) await plane.call('createNamespace', { body: { name } });
});

afterAll(async () => plane.close());

const user = (name: string, ...groups: string[]) => ({
  caller: { actor: `user:${name}`, groups: JSON.stringify(groups) },
});

async function give(member: string, role: string, place: { namespace?: string; deployment?: string }) {
  const answer = await plane.call('createRoleBinding', { body: { member, role, ...place } });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function tokenOf(body: Record<string, unknown>): Promise<{ token: ApiToken; secret: string }> {
  const answer = await plane.call('createToken', { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function deploy(namespace: string, name: string, as: object): Promise<Answer> {
  const application = 'clicks';
  const inside = { namespace, application };
  await plane.call('createApplication', { params: { namespace }, body: { name: application }, ...as });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: inside, body: size, ...as });
  if (upload.status !== 201) return upload;
  if (upload.body.url !== null)
    await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  const version = { ...size, graphHash: 'a'.repeat(64), graph: { nodes: [] } };
  await plane.call('createApplicationVersion', { params: inside, body: version, ...as });
  return plane.call('createDeployment', {
    params: { namespace },
    body: { name, spec: { application, version: 1, desiredState: 'cancelled' } },
    ...as,
  });
}

describe('role bindings', () => {
  test('a new editor deploys in one namespace and sees no other', async () => {
    await give('user:ada', 'editor', { namespace: 'payments' });
    expect((await deploy('payments', 'clicks', user('ada'))).status).toBe(201);
    const list = await plane.call('listNamespaces', user('ada'));
    expect(list.body.items.map(({ name }: { name: string }) => name)).toEqual(['payments']);
    const other = await plane.call('listDeployments', { params: { namespace: 'search' }, ...user('ada') });
    expect(other).toMatchObject({
      status: 403,
      body: {
        code: 'forbidden',
        detail:
          'Cannot call listDeployments: user:ada lacks the permission deployments:read in namespace "search"',
        missing: { permission: 'deployments:read', namespace: 'search' },
      },
    });
  });

  test('an operator may suspend but not edit, and the refusal names the permission', async () => {
    await give('group:operators', 'operator', { namespace: 'payments' });
    const bob = user('bob', 'operators');
    const params = { namespace: 'payments', deployment: 'clicks' };
    const headers = { 'idempotency-key': 'k' };
    const suspend = await plane.call('suspendDeployment', { params, body: {}, headers, ...bob });
    expect(suspend.body.code).toBe('verb-not-allowed');
    const patch = { params, body: { spec: { parallelism: 2 } }, headers: { 'if-match': '"1"' } };
    const edit = await plane.call('updateDeployment', { ...patch, ...bob });
    expect(edit).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(edit.body.detail).toBe(
      'Cannot call updateDeployment: user:bob lacks the permission deployments:write on deployment "clicks" in namespace "payments"',
    );
  });

  test('a binding for some deployments shows these and no others', async () => {
    await deploy('search', 'index-fast', {});
    await deploy('search', 'crawl', {});
    await give('user:eve', 'viewer', { namespace: 'search', deployment: 'index-*' });
    const list = await plane.call('listDeployments', { params: { namespace: 'search' }, ...user('eve') });
    expect(list.body.items.map(({ name }: { name: string }) => name)).toEqual(['index-fast']);
    const get = (deployment: string) =>
      plane.call('getDeployment', { params: { namespace: 'search', deployment }, ...user('eve') });
    expect((await get('index-fast')).status).toBe(200);
    expect((await get('crawl')).status).toBe(403);
    const applications = { params: { namespace: 'search' }, ...user('eve') };
    expect((await plane.call('listApplications', applications)).status).toBe(403);
  });

  test('an operator of some deployments asks verbs of these, and ends their operations alone', async () => {
    await deploy('search', 'index-slow', {});
    await deploy('search', 'rank', {});
    await give('user:op', 'operator', { namespace: 'search', deployment: 'index-*' });
    const many = await plane.call('createOperations', {
      params: { namespace: 'search' },
      query: { dryRun: true },
      body: { verb: 'start', names: ['index-slow', 'rank'] },
      headers: { 'idempotency-key': 'some' },
      ...user('op'),
    });
    expect(many.body.items).toMatchObject([
      { deployment: 'index-slow', problem: null },
      { deployment: 'rank', plan: null, problem: { code: 'forbidden' } },
    ]);
    const chosen = await plane.call('createOperations', {
      params: { namespace: 'search' },
      query: { dryRun: true },
      body: { verb: 'start', application: 'clicks' },
      headers: { 'idempotency-key': 'all' },
      ...user('op'),
    });
    const names = chosen.body.items.map(({ deployment }: { deployment: string }) => deployment);
    expect(names).toContain('index-slow');
    expect(names).not.toContain('rank');
    const begin = (deployment: string) =>
      plane.call('startDeployment', {
        params: { namespace: 'search', deployment },
        body: {},
        headers: { 'idempotency-key': deployment },
      });
    const [own, other] = await Promise.all([begin('index-slow'), begin('rank')]);
    const cancel = (operation: string) =>
      plane.call('cancelOperation', { params: { namespace: 'search', operation }, ...user('op') });
    expect((await cancel(own.body.id)).status).toBe(202);
    expect(await cancel(other.body.id)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  test('a role is changed and taken away while it is in use', async () => {
    const role = { name: 'starter', permissions: ['deployments:read'] };
    expect((await plane.call('createRole', { body: role })).status).toBe(201);
    const binding = await give('user:kim', 'starter', { namespace: 'payments' });
    const params = { namespace: 'payments', deployment: 'clicks' };
    const get = async () => (await plane.call('getDeployment', { params, ...user('kim') })).status;
    expect(await get()).toBe(200);
    const permissions = ['deployments:operate'];
    const change = { params: { role: 'starter' }, body: { permissions }, headers: { 'if-match': '"1"' } };
    expect((await plane.call('updateRole', change)).status).toBe(200);
    expect(await get()).toBe(403);
    const taken = { params: { binding: binding.id }, query: { namespace: 'payments' } };
    expect((await plane.call('deleteRoleBinding', taken)).status).toBe(200);
    const listed = await plane.call('listRoleBindings', {
      query: { namespace: 'payments', member: 'user:kim' },
    });
    expect(listed.body.items).toEqual([]);
  });

  test('nobody gives what they do not hold', async () => {
    await give('user:olga', 'owner', { namespace: 'payments' });
    const giveAsOlga = (body: Record<string, unknown>) =>
      plane.call('createRoleBinding', { body, ...user('olga') });
    const member = 'user:friend';
    expect((await giveAsOlga({ member, role: 'editor', namespace: 'payments' })).status).toBe(201);
    const more = await giveAsOlga({ member, role: 'admin', namespace: 'payments' });
    expect(more.body.detail).toContain('nobody can give what they do not have');
    expect((await giveAsOlga({ member, role: 'viewer', namespace: 'search' })).status).toBe(403);
    expect((await giveAsOlga({ member, role: 'viewer' })).status).toBe(403);
    const strong = await tokenOf({ name: 'strong', role: 'admin', namespace: 'payments' });
    const rotate = { params: { token: strong.token.id }, body: {}, ...user('olga') };
    expect((await plane.call('rotateToken', rotate)).status).toBe(403);
  });

  test('the same grant is not there twice', async () => {
    await give('user:twice', 'viewer', { namespace: 'payments' });
    const again = await plane.call('createRoleBinding', {
      body: { member: 'user:twice', role: 'viewer', namespace: 'payments' },
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'already-exists' } });
  });

  test('whoever has access to a namespace loses it with the namespace', async () => {
    await plane.call('createNamespace', { body: { name: 'short' } });
    await give('user:ghost', 'owner', { namespace: 'short' });
    const { secret } = await tokenOf({ name: 'ghost', role: 'viewer', namespace: 'short' });
    expect((await plane.call('deleteNamespace', { params: { namespace: 'short' } })).status).toBe(200);
    await plane.call('createNamespace', { body: { name: 'short' } });
    const params = { namespace: 'short' };
    expect((await plane.call('getNamespace', { params, ...user('ghost') })).status).toBe(403);
    expect((await plane.call('getNamespace', { params, token: secret })).status).toBe(401);
  });

  test('a namespace of the same name inherits nothing from the one before', async () => {
    const params = { namespace: 'renewed' };
    await plane.call('createNamespace', { body: { name: 'renewed' } });
    const headers = { 'if-match': '"1"' };
    const settings = { parallelism: 3 };
    const set = await plane.call('replaceNamespaceDefaults', { params, headers, body: { settings } });
    expect(set.body.settings).toEqual({ parallelism: 3 });
    expect((await plane.call('deleteNamespace', { params })).status).toBe(200);
    await plane.call('createNamespace', { body: { name: 'renewed' } });
    const defaults = await plane.call('getNamespaceDefaults', { params });
    expect(defaults.body).toMatchObject({ settings: {}, revision: 1 });
    expect((await plane.call('listNamespaceDefaultsRevisions', { params })).body.items).toEqual([]);
  });

  test('a namespace with something in it is not deleted', async () => {
    const refused = await plane.call('deleteNamespace', { params: { namespace: 'payments' } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'not-empty' } });
    expect(refused.body.detail).toContain('deployment clicks');
  });
});

describe('quotas', () => {
  const quota =
    (limits: Record<string, unknown>, as: object = {}) =>
    async () => {
      const params = { namespace: 'payments' };
      const { headers } = await plane.call('getNamespace', { params });
      const change = { params, body: { quota: limits }, headers: { 'if-match': headers['etag'] ?? '' } };
      return plane.call('updateNamespace', { ...change, ...as });
    };

  test('a namespace takes no more than its quota, and its owner cannot raise it', async () => {
    expect((await quota({ maxDeployments: 1 })()).body.quota.maxDeployments).toBe(1);
    const refused = await deploy('payments', 'one-too-many', user('ada'));
    expect(refused).toMatchObject({ status: 409, body: { code: 'quota-exceeded' } });
    expect(refused.body.detail).toContain('quota maxDeployments of namespace "payments" is 1');
    const raised = await quota({ maxDeployments: null }, user('olga'))();
    expect(raised.body.missing).toEqual({ permission: 'namespaces:create' });
    expect((await quota({ maxDeployments: null, maxRunningJobs: 0 })()).status).toBe(200);
    expect((await deploy('payments', 'second', user('ada'))).status).toBe(201);
  });

  test('a job that would be one too many is not started', async () => {
    const params = { namespace: 'payments', deployment: 'clicks' };
    const headers = { 'idempotency-key': 'quota' };
    const start = await plane.call('startDeployment', { params, body: {}, headers });
    expect(start).toMatchObject({ status: 409, body: { code: 'quota-exceeded' } });
    expect(start.body.detail).toContain('0 other jobs run; quota maxRunningJobs');
  });
});

describe('limits of a caller', () => {
  test('a flood of one token is refused with the time to wait, and others are answered', async () => {
    const { secret } = await tokenOf({ name: 'flood', role: 'viewer' });
    const { secret: calm } = await tokenOf({ name: 'calm', role: 'viewer' });
    process.env[functionEnvironment.requestRate] = '5';
    try {
      const ask = (token: string) => plane.call('listNamespaces', { token });
      const answers = await Promise.all(Array.from({ length: 30 }, () => ask(secret)));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]).toMatchObject({
        body: { code: 'too-many-requests', retryable: true },
        headers: { 'retry-after': '1' },
      });
      expect((await ask(calm)).status).toBe(200);
    } finally {
      process.env[functionEnvironment.requestRate] = '0';
    }
  });
});

describe('tokens', () => {
  test('a token does what its role permits in its namespace, and nothing elsewhere', async () => {
    const { secret } = await tokenOf({ name: 'ci', role: 'operator', namespace: 'payments' });
    expect(secret).toMatch(/^hw_[0-9a-z]{26}_[\w-]{43}$/);
    const get = (namespace: string) =>
      plane.call('listDeployments', { params: { namespace }, token: secret });
    expect((await get('payments')).status).toBe(200);
    expect((await get('search')).status).toBe(403);
  });

  test('only the hash of a secret is stored, and the secret is shown once', async () => {
    const { token, secret } = await tokenOf({ name: 'hashed', permissions: ['audit:read'] });
    const { openDatabase } = await import('#functions/stores/open-database.ts');
    const { readItem } = await import('#functions/stores/database.ts');
    const { keys } = await import('#functions/stores/table.ts');
    const database = openDatabase(String(process.env[functionEnvironment.table]));
    const item = await readItem(database, keys.token(token.id));
    const stored = JSON.stringify(item);
    expect(item?.['sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(stored).not.toContain(secret.slice(-43));
    const shown = await plane.call('getToken', { params: { token: token.id } });
    expect(JSON.stringify(shown.body)).not.toContain(secret.slice(-43));
    const audit = await plane.call('listAudit', { query: { operation: 'createToken' } });
    expect(JSON.stringify(audit.body)).not.toContain(secret.slice(-43));
  });

  test.each([
    ['expired', { expiresAt: '2026-01-01T00:00:00.000Z' }],
    ['revoked', { revokedAt: '2026-01-01T00:00:00.000Z' }],
  ])('an %s token is refused as a problem', async (word, change) => {
    const { token, secret } = await tokenOf({ name: 'old', role: 'viewer' });
    await moveTimes(token.id, change);
    const answer = await plane.call('listNamespaces', { token: secret });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(answer.body.detail).toContain(word);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer',
    });
  });

  test('a wrong secret and an unknown id are told alike', async () => {
    const { secret } = await tokenOf({ name: 'known', role: 'viewer' });
    const ask = async (token: string) => (await plane.call('listNamespaces', { token })).body.detail;
    const wrong = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`;
    const unknown = `hw_${'0'.repeat(26)}_${'x'.repeat(43)}`;
    expect(await ask(wrong)).toBe(await ask(unknown));
    expect(await ask(wrong)).toContain('not known');
  });

  test('a rotated token has another secret, and the one before dies at once or after the overlap', async () => {
    const { token, secret } = await tokenOf({ name: 'turning', role: 'viewer' });
    const status = async (of: string) => (await plane.call('listNamespaces', { token: of })).status;
    const rotate = async (body: object) =>
      (await plane.call('rotateToken', { params: { token: token.id }, body })).body.secret;
    const second = await rotate({ overlap: '1 hour' });
    expect([await status(secret), await status(second)]).toEqual([200, 200]);
    await moveTimes(token.id, { previousUntil: '2026-01-01T00:00:00.000Z' });
    expect([await status(secret), await status(second)]).toEqual([401, 200]);
    const third = await rotate({});
    expect([await status(second), await status(third)]).toEqual([401, 200]);
  });

  test('the last use is noted, at most once a minute', async () => {
    const { token, secret } = await tokenOf({ name: 'used', role: 'viewer' });
    const lastUse = async () =>
      (await plane.call('getToken', { params: { token: token.id } })).body.lastUsedAt;
    expect(await lastUse()).toBeNull();
    await plane.call('listNamespaces', { token: secret });
    const first = await lastUse();
    expect(first).toMatch(/Z$/);
    await plane.call('listNamespaces', { token: secret });
    expect(await lastUse()).toBe(first);
  });
});

/** Moves a token's times, which are days. */
async function moveTimes(id: string, change: Partial<ApiToken>): Promise<void> {
  const { openDatabase } = await import('#functions/stores/open-database.ts');
  const { tokenStore } = await import('#functions/stores/tokens.ts');
  const { transact } = await import('#functions/stores/database.ts');
  const database = openDatabase(String(process.env[functionEnvironment.table]));
  const tokens = tokenStore(database);
  const stored = await tokens.get(id);
  if (stored === undefined) throw new Error(`There is no token ${id}`);
  const changed = { ...stored, token: { ...stored.token, ...change }, revision: stored.revision + 1 };
  await transact(database, [tokens.replaced(changed)]);
}
