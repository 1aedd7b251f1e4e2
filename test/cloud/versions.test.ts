/** Versions of an application through the API: told apart, named, retired, and kept as long as somebody needs them. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphDescription } from '#contract/resources/application-version.ts';
import { pruneVersions } from '#functions/events/prune-versions.ts';
import { platform } from '#functions/middleware/platform.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { Answer, ControlPlane } from './control-plane-fixture.ts';

const namespace = 'default';
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(async () => plane.close());

function graph(valueType: { kind: string }, operators: readonly string[] = ['count']): GraphDescription {
  const nodes = operators.map((name, index) => ({
    id: createHash('md5').update(name).digest('hex'),
    name,
    kind: 'process',
    inputs: [],
    state:
      index > 0 ? [] : [{ name: 'seen', kind: 'value', schema: valueType.kind.toUpperCase(), valueType }],
    description: {},
  }));
  return { nodes };
}

interface Pushed {
  readonly graph?: GraphDescription;
  readonly tag?: string;
  readonly commit?: string;
  readonly labels?: Record<string, string>;
  readonly configurationSchema?: unknown;
  readonly kind?: string;
}

/** Pushes a bundle of its own to an application, which is made where it is not there. */
async function push(application: string, bundle: string, more: Pushed = {}): Promise<Answer> {
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const sha256 = createHash('sha256').update(bundle).digest('hex');
  const size = { sha256, sizeBytes: bundle.length };
  const params = { namespace, application };
  const upload = await plane.call('createUpload', { params, body: size });
  if (upload.body.url !== null) {
    await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: bundle });
  }
  const body = { ...size, graphHash: sha256, graph: graph({ kind: 'int' }), ...more };
  return plane.call('createApplicationVersion', { params, body });
}

async function deploy(name: string, application: string, version: number): Promise<Answer> {
  const answer = await plane.call('createDeployment', {
    params: { namespace },
    body: { name, spec: { application, version } },
  });
  return answer;
}

const of = (application: string, version: string | number) => ({
  params: { namespace, application, version: String(version) },
});

test('a version is asked for by its number or its tag, which only one version has', async () => {
  await push('tagged', 'one', { tag: 'c8b3f' });
  expect((await plane.call('getApplicationVersion', of('tagged', '@c8b3f'))).body).toMatchObject({
    version: 1,
    tag: 'c8b3f',
    kind: 'typescript',
  });
  expect(await push('tagged', 'two', { tag: 'c8b3f' })).toMatchObject({
    status: 409,
    body: { code: 'already-exists', detail: expect.stringContaining('another version has tag "c8b3f"') },
  });
  await push('tagged', 'two');
  const patch = { ...of('tagged', 2), headers: { 'if-match': '"1"' } };
  expect(await plane.call('updateApplicationVersion', { ...patch, body: { tag: 'c8b3f' } })).toMatchObject({
    status: 409,
    body: { code: 'already-exists' },
  });
  const moved = { ...of('tagged', 1), headers: { 'if-match': '"1"' } };
  expect((await plane.call('updateApplicationVersion', { ...moved, body: { tag: null } })).status).toBe(200);
  expect((await plane.call('updateApplicationVersion', { ...patch, body: { tag: 'c8b3f' } })).status).toBe(
    200,
  );
  expect((await plane.call('getApplicationVersion', of('tagged', '@c8b3f'))).body.version).toBe(2);
});

test('a version of an unknown kind is refused by its name', async () => {
  expect(await push('kinds', 'jar', { kind: 'jar' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/kind', message: expect.stringContaining('kind "jar" cannot be run') }] },
  });
});

test('a list shows versions by label, commit, tag and retirement', async () => {
  await push('listed', 'a', { labels: { stage: 'old' }, commit: 'aaaa1111' });
  await push('listed', 'b', { labels: { stage: 'new' }, commit: 'bbbb2222', tag: 'b' });
  const patch = { ...of('listed', 1), headers: { 'if-match': '"1"' } };
  const retired = await plane.call('updateApplicationVersion', { ...patch, body: { retired: true } });
  expect(retired).toMatchObject({ status: 200, body: { retiredAt: expect.any(String), revision: 2 } });
  const listed = async (query: Record<string, unknown>): Promise<number[]> => {
    const params = { namespace, application: 'listed' };
    const { body } = await plane.call('listApplicationVersions', { params, query });
    return body.items.map(({ version }: { version: number }) => version);
  };
  expect(await listed({})).toEqual([2, 1]);
  expect(await listed({ label: 'stage:old' })).toEqual([1]);
  expect(await listed({ commit: 'bbbb' })).toEqual([2]);
  expect(await listed({ tag: 'b' })).toEqual([2]);
  expect(await listed({ retired: 'true' })).toEqual([1]);
  expect(await listed({ retired: 'false' })).toEqual([2]);
});

describe('two versions', () => {
  test('are compared by operators, state, configuration and size', async () => {
    const properties = { rate: { type: 'integer' }, old: { type: 'string' } };
    await push('compared', 'first', { configurationSchema: { type: 'object', properties } });
    await push('compared', 'second one', {
      graph: graph({ kind: 'double' }, ['count', 'alert']),
      configurationSchema: {
        type: 'object',
        properties: { rate: { type: 'string' }, limit: { type: 'integer' } },
        required: ['limit'],
      },
    });
    const params = { namespace, application: 'compared', version: '1', other: '2' };
    const { body } = await plane.call('compareApplicationVersions', { params });
    expect(body).toMatchObject({
      before: { version: 1 },
      after: { version: 2 },
      identical: false,
      sizeDifferenceBytes: 5,
      operators: [
        {
          name: 'count',
          change: 'changed',
          differences: [{ pointer: '/state/seen/schema', before: 'INT', after: 'DOUBLE' }],
        },
        { name: 'alert', change: 'added' },
      ],
      verdict: { compatibility: 'compatible-after-migration' },
    });
    expect(body.configuration).toEqual([
      { pointer: '/rate', change: 'changed', message: 'was integer, is string', breaking: true },
      { pointer: '/old', change: 'removed', message: 'is no longer taken', breaking: true },
      { pointer: '/limit', change: 'added', message: 'is new and required: integer', breaking: true },
    ]);
    const back = await plane.call('compareApplicationVersions', {
      params: { ...params, version: '2', other: '1' },
    });
    expect(back.body.verdict).toMatchObject({
      compatibility: 'incompatible',
      states: [
        {
          operator: 'count',
          state: 'seen',
          reason: expect.stringContaining('value of DOUBLE, the program declares value of INT'),
        },
        { operator: 'alert', state: null, compatibility: 'unknown' },
      ],
    });
  });

  test('are compared with the renames that the caller names', async () => {
    await push('renamed', 'first');
    await push('renamed', 'second', { graph: graph({ kind: 'int' }, ['tally']) });
    const params = { namespace, application: 'renamed', version: '1', other: '2' };
    const verdictOf = async (query: Record<string, unknown>): Promise<string> =>
      (await plane.call('compareApplicationVersions', { params, query })).body.verdict.compatibility;
    expect(await verdictOf({})).toBe('incompatible');
    expect(await verdictOf({ rename: 'count:tally' })).toBe('compatible');
    expect(
      (await plane.call('compareApplicationVersions', { params, query: { rename: 'count' } })).status,
    ).toBe(422);
  });
});

describe('a retired version', () => {
  test('is refused to whoever did not state it before', async () => {
    await push('retiring', 'one');
    await push('retiring', 'two');
    expect((await deploy('before', 'retiring', 1)).status).toBe(201);
    const patch = { ...of('retiring', 1), headers: { 'if-match': '"1"' } };
    await plane.call('updateApplicationVersion', { ...patch, body: { retired: true } });
    expect(await deploy('after', 'retiring', 1)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/spec/version', message: 'version 1 is retired' }] },
    });
    const to = async (version: number, revision: number): Promise<Answer> =>
      plane.call('updateDeployment', {
        params: { namespace, deployment: 'before' },
        headers: { 'if-match': `"${revision}"` },
        body: { spec: { version } },
      });
    expect((await to(2, 1)).status).toBe(200);
    expect((await to(1, 2)).status).toBe(200);
  });
});

describe('a version', () => {
  test('is not deleted while a deployment needs it, whom the refusal names', async () => {
    await push('needed', 'one');
    await push('needed', 'two');
    await push('needed', 'three');
    await deploy('needs', 'needed', 1);
    expect(await plane.call('deleteApplicationVersion', of('needed', 1))).toMatchObject({
      status: 409,
      body: { code: 'version-in-use', detail: expect.stringContaining('"needs" states it') },
    });
    const to = async (version: number, revision: number): Promise<Answer> =>
      plane.call('updateDeployment', {
        params: { namespace, deployment: 'needs' },
        headers: { 'if-match': `"${revision}"` },
        body: { spec: { version } },
      });
    expect((await to(2, 1)).status).toBe(200);
    expect(await plane.call('deleteApplicationVersion', of('needed', 1))).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('"needs" would return to it by a rollback') },
    });
    expect((await to(3, 2)).status).toBe(200);
    expect((await plane.call('deleteApplicationVersion', of('needed', 1))).status).toBe(200);
    expect((await plane.call('getApplicationVersion', of('needed', 1))).status).toBe(404);
    expect((await to(1, 3)).status).toBe(404);
    // Its bundle may be pushed again, and gets the next number.
    expect((await push('needed', 'one')).body.version).toBe(4);
  });

  test('is either deployed or deleted where both happen at once', async () => {
    for (let round = 1; round <= 12; round++) {
      await push('raced', `bundle ${round}`);
      const [deployed, deleted] = await Promise.all([
        deploy(`raced-${round}`, 'raced', round),
        plane.call('deleteApplicationVersion', of('raced', round)),
      ]);
      expect([deployed.status, deleted.status]).toBeOneOf([
        [201, 409],
        [404, 200],
      ]);
      const kept = await plane.call('getApplicationVersion', of('raced', round));
      expect(kept.status).toBe(deployed.status === 201 ? 200 : 404);
    }
  });
});

test('unused versions beyond the rule of their application go, the oldest first', async () => {
  for (const bundle of ['1', '2', '3', '4', '5']) await push('pruned', bundle);
  await deploy('pruned-2', 'pruned', 2);
  const { body } = await plane.call('updateApplication', {
    params: { namespace, application: 'pruned' },
    headers: { 'if-match': '"6"' },
    body: { retention: { keepUnused: 1 } },
  });
  expect(body.retention).toEqual({ keepUnused: 1 });
  expect(await pruneVersions(platform(), body)).toEqual([3, 1]);
  expect(await pruneVersions(platform(), body)).toEqual([]);
  const left = await plane.call('listApplicationVersions', { params: { namespace, application: 'pruned' } });
  expect(left.body.items.map(({ version }: { version: number }) => version)).toEqual([5, 4, 2]);
});

test('an application is deleted once it is empty', async () => {
  await push('emptied', 'one');
  const application = { params: { namespace, application: 'emptied' } };
  expect(await plane.call('deleteApplication', application)).toMatchObject({
    status: 409,
    body: { code: 'application-in-use' },
  });
  await plane.call('deleteApplicationVersion', of('emptied', 1));
  expect((await plane.call('deleteApplication', application)).status).toBe(200);
  expect((await plane.call('getApplication', application)).status).toBe(404);
});
