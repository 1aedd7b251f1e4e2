/** Levels of settings, revisions, targets and secrets through the API, over the local cloud. */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '#contract/resources/operation.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { Answer, ControlPlane, Request } from './control-plane-fixture.ts';

let plane: ControlPlane;
const application = 'clicks';
const configurationSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { index: { type: 'string' }, shards: { type: 'integer' }, url: { type: 'string' } },
};

beforeAll(async () => {
  plane = await openControlPlane();
  for (const namespace of ['default', 'shop', 'vault', 'hidden']) await givenApplication(namespace);
});

afterAll(async () => plane.close());

async function givenApplication(namespace: string): Promise<void> {
  if (namespace !== 'default') await plane.call('createNamespace', { body: { name: namespace } });
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const params = { namespace, application };
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params, body: size });
  if (upload.body.url !== null) {
    await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  }
  const node = { id: 'a'.repeat(32), name: 'clicks', kind: 'source', inputs: [], state: [], description: {} };
  const version = await plane.call('createApplicationVersion', {
    params,
    body: { ...size, graphHash: 'b'.repeat(64), graph: { nodes: [node] }, configurationSchema },
  });
  expect(version.status).toBe(201);
}

function create(namespace: string, name: string, spec: Record<string, unknown> = {}): Promise<Answer> {
  return plane.call('createDeployment', {
    params: { namespace },
    body: { name, spec: { application, version: 1, ...spec } },
  });
}

async function specOf(namespace: string, deployment: string): Promise<Answer['body']> {
  return (await plane.call('getDeployment', { params: { namespace, deployment } })).body;
}

/** A change of what exists, on the revision that is there. */
async function change(id: ChangeId, read: ReadId, request: Request): Promise<Answer> {
  const { etag = '' } = (await plane.call(read, { params: request.params ?? {} })).headers;
  return plane.call(id, { ...request, headers: { 'if-match': etag } });
}

type ChangeId =
  | 'replaceGlobalDefaults'
  | 'replaceNamespaceDefaults'
  | 'updateNamespaceDefaults'
  | 'replaceDeployment'
  | 'updateDeployment'
  | 'updateTarget';
type VerbId = 'startDeployment' | 'suspendDeployment';
type ReadId = 'getGlobalDefaults' | 'getNamespaceDefaults' | 'getDeployment' | 'getTarget';

const ofShop = { namespace: 'shop' };

describe('levels', () => {
  test('PUT at each of them wins in turn, and says so', async () => {
    await plane.call('createTarget', { body: { name: 'large', overlay: { parallelism: 4 } } });
    await create('shop', 'levels', { target: 'large' });
    const seen = async () => {
      const { spec, origins } = await specOf('shop', 'levels');
      return [spec.parallelism, origins['/parallelism']];
    };
    expect(await seen()).toEqual([4, 'target']);
    await change('updateTarget', 'getTarget', { params: { target: 'large' }, body: { overlay: null } });
    expect(await seen()).toEqual([1, undefined]);
    const settings = (parallelism: number) => ({ settings: { parallelism } });
    await change('replaceGlobalDefaults', 'getGlobalDefaults', { body: settings(2) });
    expect(await seen()).toEqual([2, 'global']);
    const params = ofShop;
    await change('replaceNamespaceDefaults', 'getNamespaceDefaults', { params, body: settings(3) });
    expect(await seen()).toEqual([3, 'namespace']);
    const overlay = { overlay: { parallelism: 4 } };
    await change('updateTarget', 'getTarget', { params: { target: 'large' }, body: overlay });
    expect(await seen()).toEqual([4, 'target']);
    const deployment = { namespace: 'shop', deployment: 'levels' };
    await change('updateDeployment', 'getDeployment', {
      params: deployment,
      body: { spec: { parallelism: 5 } },
    });
    expect(await seen()).toEqual([5, 'deployment']);
    await change('updateDeployment', 'getDeployment', {
      params: deployment,
      body: { spec: { parallelism: null } },
    });
    expect(await seen()).toEqual([4, 'target']);
    await change('replaceGlobalDefaults', 'getGlobalDefaults', { body: { settings: {} } });
    await change('replaceNamespaceDefaults', 'getNamespaceDefaults', { params, body: { settings: {} } });
  });

  test('a change of one of them is seen by whoever polls with an entity tag', async () => {
    await create('shop', 'polled');
    const params = { namespace: 'shop', deployment: 'polled' };
    const { etag = '' } = (await plane.call('getDeployment', { params })).headers;
    const poll = () => plane.call('getDeployment', { params, headers: { 'if-none-match': etag } });
    expect((await poll()).status).toBe(304);
    const body = { settings: { parallelism: 3 } };
    await change('replaceNamespaceDefaults', 'getNamespaceDefaults', { params: ofShop, body });
    expect((await poll()).status).toBe(200);
    const patch = { params, body: { spec: { checkpointInterval: '5 seconds' } } };
    expect((await change('updateDeployment', 'getDeployment', patch)).status).toBe(200);
    const none = { params: ofShop, body: { settings: { parallelism: null } } };
    expect((await change('updateNamespaceDefaults', 'getNamespaceDefaults', none)).body.settings).toEqual({});
  });

  test('a dry run names the deployments that a default changes, and changes nothing', async () => {
    await create('shop', 'touched');
    await create('shop', 'untouched', { parallelism: 1 });
    await create('default', 'elsewhere');
    const request = { params: ofShop, query: { dryRun: 'true' }, body: { settings: { parallelism: 7 } } };
    const { body } = await change('replaceNamespaceDefaults', 'getNamespaceDefaults', request);
    const touched = body.deployments.find((one: { deployment: string }) => one.deployment === 'touched');
    expect(touched).toMatchObject({
      namespace: 'shop',
      changes: [{ pointer: '/parallelism', before: 1, after: 7 }],
      verb: null,
      pending: [],
    });
    const names = body.deployments.map((one: { deployment: string }) => one.deployment);
    expect(names).not.toContain('untouched');
    expect(names).not.toContain('elsewhere');
    expect((await specOf('shop', 'touched')).spec.parallelism).toBe(1);
  });

  test('a deployment that they make invalid all the same is found by its condition', async () => {
    await create('hidden', 'bent');
    await create('hidden', 'straight', { configuration: { url: 'https://host' } });
    const { platform } = await import('#functions/middleware/platform.ts');
    const { stores } = platform();
    const at = new Date().toISOString();
    const settings = { configuration: { url: '{{nothing}}' } };
    const by = { namespace: 'hidden', settings };
    await stores.commit(
      stores.defaults.replaced(
        { ...by, modifiedAt: at, modifiedBy: 'user:test', revision: 2 },
        { ...by, number: 2, createdAt: at, createdBy: 'user:test', reason: '', changes: [] },
      ),
    );
    const found = await plane.call('listDeployments', {
      params: { namespace: 'hidden' },
      query: { condition: 'spec-invalid' },
    });
    expect(found.body.items.map(({ name }: { name: string }) => name)).toEqual(['bent']);
  });

  test('a default that makes a deployment invalid is refused with its name', async () => {
    await create('shop', 'strict', { configuration: { shards: 2 } });
    const request = { params: ofShop, body: { settings: { configuration: { shard: 3 } } } };
    const answer = await change('replaceNamespaceDefaults', 'getNamespaceDefaults', request);
    expect(answer).toMatchObject({ status: 422, body: { code: 'deployments-invalid' } });
    expect(answer.body.detail).toContain('"shop/strict"');
    expect(answer.body.detail).toContain('did you mean "shards"?');
  });

  test('a default of fewer key groups than a deployment has subtasks is refused with its name', async () => {
    await create('shop', 'wide', { parallelism: 2 });
    const request = { params: ofShop, body: { settings: { maxParallelism: 1 } } };
    const answer = await change('replaceNamespaceDefaults', 'getNamespaceDefaults', request);
    expect(answer).toMatchObject({ status: 422, body: { code: 'deployments-invalid' } });
    expect(answer.body.detail).toContain('"shop/wide"');
    const alone = await create('shop', 'wider', { parallelism: 3, maxParallelism: 2 });
    expect(alone.body.errors[0].pointer).toBe('/spec/parallelism');
  });

  test('an unknown field is refused with a guess, at every level', async () => {
    const spec = await create('shop', 'misspelt', { paralelism: 2 });
    expect(spec.body.errors).toEqual([
      { pointer: '/spec/paralelism', message: 'unknown field "paralelism"; did you mean "parallelism"?' },
    ]);
    const body = { settings: { resources: { memory: 1 } } };
    const settings = await change('replaceGlobalDefaults', 'getGlobalDefaults', { body });
    expect(settings.body.errors[0].pointer).toBe('/settings/resources/memory');
    const own = { settings: { application: 'clicks' } };
    const owned = await change('replaceGlobalDefaults', 'getGlobalDefaults', { body: own });
    expect(owned.body.errors[0].pointer).toBe('/settings/application');
  });

  test('the revisions of defaults tell who changed what, and why', async () => {
    const params = ofShop;
    const body = { settings: { stateBackend: 'disk' } };
    const request = { params, body, query: { reason: 'State has grown.' } };
    await change('replaceNamespaceDefaults', 'getNamespaceDefaults', request);
    const [newest] = (await plane.call('listNamespaceDefaultsRevisions', { params })).body.items;
    expect(newest).toMatchObject({ createdBy: 'user:test', reason: 'State has grown.' });
    expect(newest.changes).toContainEqual({ pointer: '/stateBackend', after: 'disk' });
  });
});

describe('placeholders', () => {
  test('make one spec fit two targets', async () => {
    const place = (name: string, shards: number) =>
      plane.call('createTarget', {
        body: { name, config: { shards }, overlay: { resources: { cpu: shards } } },
      });
    await place('small', 1);
    await place('big', 4);
    const configuration = { index: '{{namespace}}-{{deployment}}-{{target}}', shards: '{{config.shards}}' };
    await create('shop', 'fits-a', { target: 'small', configuration });
    await create('shop', 'fits-b', { target: 'big', configuration });
    const [a, b] = [await specOf('shop', 'fits-a'), await specOf('shop', 'fits-b')];
    expect(a.spec.configuration).toEqual({ index: 'shop-fits-a-small', shards: 1 });
    expect(b.spec.configuration).toEqual({ index: 'shop-fits-b-big', shards: 4 });
    expect([a.spec.resources.cpu, b.spec.resources.cpu]).toEqual([1, 4]);
    expect(a.stated.configuration).toEqual(configuration);
  });

  test('that stand for nothing are refused with a guess', async () => {
    const answer = await create('shop', 'unknown', { configuration: { index: '{{namspace}}' } });
    expect(answer.body.errors).toEqual([
      {
        pointer: '/spec/configuration/index',
        message: 'unknown placeholder "{{namspace}}"; did you mean "{{namespace}}"?',
      },
    ]);
  });
});

describe('revisions', () => {
  const params = { namespace: 'shop', deployment: 'revised' };
  const patch = (spec: unknown, reason: string) =>
    change('updateDeployment', 'getDeployment', { params, body: { spec }, query: { reason } });

  test('keep who changed what and why, compare, and can be stated again', async () => {
    await create('shop', 'revised', { checkpointInterval: '1 second' });
    await patch({ checkpointInterval: '2 seconds' }, 'Less load.');
    await patch({ protected: true }, '');
    const list = (await plane.call('listRevisions', { params })).body.items;
    expect(list.map((one: { number: number }) => one.number)).toEqual([3, 2, 1]);
    expect(list[1]).toMatchObject({
      createdBy: 'user:test',
      reason: 'Less load.',
      changes: [{ pointer: '/checkpointInterval', before: '1 second', after: '2 seconds' }],
    });
    const compared = await plane.call('compareRevisions', {
      params: { ...params, revision: 1 },
      query: { with: 3 },
    });
    expect(compared.body).toEqual({
      from: 1,
      to: 3,
      changes: [
        { pointer: '/checkpointInterval', before: '1 second', after: '2 seconds' },
        { pointer: '/protected', after: true },
      ],
    });
    const reverted = await plane.call('revertDeployment', { params: { ...params, revision: 1 } });
    expect(reverted.body).toMatchObject({
      specRevision: 4,
      spec: { checkpointInterval: '1 second', protected: false },
    });
    const one = await plane.call('getRevision', { params: { ...params, revision: 4 } });
    expect(one.body).toMatchObject({ number: 4, reason: 'Reverted to revision 1.' });
    const none = await plane.call('getRevision', { params: { ...params, revision: 9 } });
    expect(none).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  test('are not made by what changes nothing, and not by a desired state', async () => {
    const { stated } = await specOf('shop', 'revised');
    await change('replaceDeployment', 'getDeployment', { params, body: { name: 'revised', spec: stated } });
    await patch({ desiredState: 'running' }, '');
    const after = await specOf('shop', 'revised');
    expect(after.specRevision).toBe(4);
    expect(after.stated.desiredState).toBe('running');
  });
});

describe('targets', () => {
  test('a spec names one that exists, and one in use cannot be deleted', async () => {
    const unknown = await create('shop', 'lost', { target: 'nowhere' });
    expect(unknown.body.errors).toEqual([{ pointer: '/spec/target', message: '"nowhere" does not exist' }]);
    await plane.call('createTarget', { body: { name: 'short-lived' } });
    await create('shop', 'placed', { target: 'short-lived' });
    const params = { target: 'short-lived' };
    const refused = await plane.call('deleteTarget', { params });
    expect(refused).toMatchObject({ status: 409, body: { code: 'in-use' } });
    expect(refused.body.detail).toContain('"shop/placed"');
    const moved = { params: { namespace: 'shop', deployment: 'placed' }, body: { spec: { target: null } } };
    await change('updateDeployment', 'getDeployment', moved);
    expect((await plane.call('deleteTarget', { params })).status).toBe(200);
    expect((await plane.call('getTarget', { params: { target: 'default' } })).body.revision).toBe(1);
  });

  test('and secrets are kept for deployments in the trash, which can be undeleted', async () => {
    await plane.call('createTarget', { body: { name: 'kept' } });
    const params = { namespace: 'vault', secret: 'kept' };
    await plane.call('setSecret', { params, body: { value: 'value' } });
    const configuration = { url: 'https://{{secret.kept}}' };
    const created = await create('vault', 'thrown', { target: 'kept', configuration });
    expect(created.status).toBe(201);
    const deletion = await plane.call('deleteDeployment', {
      params: { namespace: 'vault', deployment: 'thrown' },
      headers: { 'idempotency-key': randomUUID() },
    });
    await plane.carryOut(deletion.body as Operation);
    const target = await plane.call('deleteTarget', { params: { target: 'kept' } });
    expect(target.body.detail).toContain('"vault/thrown" (in the trash)');
    const secret = await plane.call('deleteSecret', { params });
    expect(secret).toMatchObject({ status: 409, body: { code: 'in-use' } });
  });

  test('that are full take no job of a new deployment or of a fork', async () => {
    await plane.call('createTarget', { body: { name: 'full', quota: { maxJobs: 0 } } });
    const running = await create('shop', 'at-once', { target: 'full', desiredState: 'running' });
    expect(running).toMatchObject({ status: 409, body: { code: 'quota-exceeded' } });
    const parent = await create('shop', 'parent', { target: 'full' });
    expect(parent.status).toBe(201);
    const fork = await plane.call('forkDeployment', {
      params: { namespace: 'shop', deployment: 'parent' },
      body: { name: 'child', state: 'none' },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(fork).toMatchObject({ status: 409, body: { code: 'quota-exceeded' } });
    const child = { namespace: 'shop', deployment: 'child' };
    expect((await plane.call('getDeployment', { params: child })).status).toBe(404);
  });
});

describe('secrets', () => {
  const namespace = 'vault';
  const set = (secret: string, value: string) =>
    plane.call('setSecret', { params: { namespace, secret }, body: { value } });
  const verb = (id: VerbId, deployment: string) =>
    plane.call(id, {
      params: { namespace, deployment },
      body: {},
      headers: { 'idempotency-key': randomUUID() },
    });
  const done = async (id: VerbId, deployment: string) =>
    plane.carryOut((await verb(id, deployment)).body as Operation);
  const hashOf = (value: string) => createHash('sha256').update(value).digest('hex');

  /** All that the local cloud has on its disk, but where Secrets Manager keeps its values. */
  function everything(): string {
    return readdirSync(plane.directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/secrets/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  }

  async function givenTo(deployment: string): Promise<Record<string, string>> {
    const { id } = await specOf(namespace, deployment);
    const head = await plane.objectText(`checkpoints/${id}/head.json`);
    const { checkpoint } = JSON.parse(head) as { checkpoint: { manifest: string } };
    return JSON.parse(await plane.objectText(checkpoint.manifest)).secrets;
  }

  test('reach the job and nothing else, and a rotated one the next job', async () => {
    const values = [`first-${randomUUID()}`, `second-${randomUUID()}`];
    const url = 'https://user:{{secret.db-password}}@host';
    await create(namespace, 'user', { configuration: { url } });
    const refused = await verb('startDeployment', 'user');
    expect(refused).toMatchObject({ status: 422, body: { code: 'secret-missing' } });
    expect(refused.body.detail).toContain('"db-password"');

    const created = await set('db-password', values[0] ?? '');
    expect(created.body).toMatchObject({ version: 1, users: ['user'], modifiedBy: 'user:test' });
    expect(await done('startDeployment', 'user')).toMatchObject({ state: 'succeeded' });
    expect(await givenTo('user')).toEqual({ 'db-password': hashOf(values[0] ?? '') });

    expect((await set('db-password', values[1] ?? '')).body.version).toBe(2);
    await done('suspendDeployment', 'user');
    await done('startDeployment', 'user');
    expect(await givenTo('user')).toEqual({ 'db-password': hashOf(values[1] ?? '') });

    const params = { namespace };
    const answers = await Promise.all([
      plane.call('listSecrets', { params }),
      plane.call('getSecret', { params: { namespace, secret: 'db-password' } }),
      plane.call('listJobs', { params: { namespace, deployment: 'user' } }),
      plane.call('listEvents', { params: { namespace, deployment: 'user' } }),
      plane.call('listNamespaceAudit', { params }),
    ]);
    const seen = JSON.stringify(answers) + everything();
    for (const value of values) expect(seen).not.toContain(value);
    // What was looked at is what is there: the user's configuration is in it.
    expect(seen).toContain('{{secret.db-password}}');
    await done('suspendDeployment', 'user');
  });

  test('of one namespace are not reached from another by a reference', async () => {
    const reference = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:headwater/vault/db-password';
    const params = { namespace: 'shop', secret: 'stolen' };
    const refused = await plane.call('setSecret', { params, body: { reference } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    const other = reference.replace('headwater/vault', 'shop-of-others');
    expect((await plane.call('setSecret', { params, body: { reference: other } })).status).toBe(200);
  });

  test('in use are not deleted, and are gone when they are', async () => {
    const value = `third-${randomUUID()}`;
    await set('token', value);
    await create(namespace, 'holder', { configuration: { url: '{{secret.token}}' } });
    const params = { namespace, secret: 'token' };
    const refused = await plane.call('deleteSecret', { params });
    expect(refused).toMatchObject({ status: 409, body: { code: 'in-use' } });
    expect(refused.body.detail).toContain('"holder"');
    const without = { params: { namespace, deployment: 'holder' }, body: { spec: { configuration: null } } };
    await change('updateDeployment', 'getDeployment', without);
    expect((await plane.call('deleteSecret', { params })).status).toBe(200);
    expect((await plane.call('getSecret', { params })).status).toBe(404);
  });
});

describe('YAML', () => {
  test('is taken and answered for deployments, without bombs of aliases', async () => {
    const params = { namespace: 'shop' };
    const headers = { 'content-type': 'application/yaml', accept: 'application/yaml' };
    const rawBody = `name: in-yaml\nspec:\n  application: clicks\n  version: 1\n  parallelism: 3\n`;
    const created = await plane.call('createDeployment', { params, headers, rawBody });
    expect([created.status, created.headers['content-type']]).toEqual([201, 'application/yaml']);
    expect((await specOf('shop', 'in-yaml')).stated.parallelism).toBe(3);
    const bomb = `a: &a [1]\n${Array.from({ length: 30 }, (_, index) => `k${index}: *a`).join('\n')}`;
    const refused = await plane.call('createDeployment', { params, headers, rawBody: bomb });
    expect(refused.status).toBe(400);
    const elsewhere = { params: { namespace: 'shop', secret: 'x' }, headers, rawBody };
    expect((await plane.call('setSecret', elsewhere)).status).toBe(415);
  });
});
