/** Events: told to webhooks, listed over a namespace, filtered and exported. */
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Event } from '#contract/resources/event.ts';
import { deliverWebhooks } from '#functions/events/deliver-webhooks.ts';
import type { Platform } from '#functions/middleware/platform.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';

const namespace = 'default';
const secret = 'a secret that nobody knows';
const application = 'payments';
let plane: ControlPlane;
let platform: Platform;
let url: string;
/** What the listener answers; 0 hangs up. */
let status = 200;
const received: { readonly event: Event & { test?: boolean }; readonly isSigned: boolean }[] = [];
const clock = { offsetMs: 0 };

const listener = createServer((request, response) => {
  void (async () => {
    const body = (await request.toArray()).join('');
    const [, seconds, signature] =
      /^t=(\d+),v1=(\w+)$/.exec(String(request.headers['headwater-signature'])) ?? [];
    const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
    const event = JSON.parse(body) as Event;
    if (status === 200) received.push({ event, isSigned: signature === expected });
    if (status === 0) request.socket.destroy();
    else response.writeHead(status, status === 302 ? { location: url } : {}).end();
  })();
});

beforeAll(async () => {
  plane = await openControlPlane();
  const opened = (await import('#functions/middleware/platform.ts')).platform();
  platform = {
    ...opened,
    now: () => new Date(Date.now() + clock.offsetMs),
    pause: async (milliseconds) => {
      clock.offsetMs += milliseconds;
    },
  };
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`;
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: { namespace, application }, body: size });
  await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  const version = { ...size, graphHash: 'b'.repeat(64), graph: { nodes: [] } };
  await plane.call('createApplicationVersion', { params: { namespace, application }, body: version });
});

afterAll(async () => {
  listener.close();
  await plane.close();
});

async function create(name: string, labels: Record<string, string> = {}): Promise<string> {
  const body = { name, labels, spec: { application, version: 1 } };
  return (await plane.call('createDeployment', { params: { namespace }, body })).body.id;
}

async function touch(deployment: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const params = { namespace, deployment };
    const { revision } = (await plane.call('getDeployment', { params })).body;
    await plane.call('updateDeployment', {
      params,
      body: { annotations: { touched: randomUUID() } },
      headers: { 'if-match': `"${revision}"`, 'content-type': 'application/merge-patch+json' },
    });
  }
}

const webhook = async (name: string) =>
  (await plane.call('getWebhook', { params: { namespace, webhook: name } })).body;
const told = (deployment: string) =>
  received.filter(({ event }) => event.deployment === deployment).map(({ event }) => event.id);
const logged = async (deployment: string): Promise<string[]> =>
  (await plane.call('listEvents', { params: { namespace, deployment }, query: { limit: 200 } })).body.items
    .map(({ id }: Event) => id)
    .reverse();
const createWebhook = (body: object) =>
  plane.call('createWebhook', { params: { namespace }, body: { url, secret, ...body } });

test('a webhook is told what happens from its making on, signed, and never shows its secret', async () => {
  await create('before');
  const made = await createWebhook({ name: 'all' });
  expect(made.status).toBe(201);
  expect(JSON.stringify(made.body)).not.toContain(secret);
  const id = await create('first');
  await deliverWebhooks(platform, { namespace, deploymentId: id });
  expect(told('first')).toEqual(await logged('first'));
  expect(received.every(({ isSigned }) => isSigned)).toBe(true);
  expect(told('before')).toEqual([]);
  expect(await webhook('all')).toMatchObject({ status: { state: 'delivering', lastError: null } });
});

test('a listener that is down for five minutes gets each event at least once, in order', async () => {
  const one = await create('down-1');
  const two = await create('down-2');
  status = 0;
  const begin = clock.offsetMs;
  while (clock.offsetMs - begin < 300_000) {
    await touch('down-1', 1);
    await touch('down-2', 1);
    await deliverWebhooks(platform, { namespace, deploymentId: one });
    await deliverWebhooks(platform, { namespace, deploymentId: two });
    await deliverWebhooks(platform, undefined);
    clock.offsetMs += 60_000;
  }
  expect(told('down-1')).toEqual([]);
  const failing = await webhook('all');
  expect(failing).toMatchObject({
    enabled: true,
    status: { state: 'failing', lastError: expect.any(String) },
  });
  status = 200;
  clock.offsetMs += 3_600_000;
  await deliverWebhooks(platform, undefined);
  expect(told('down-1')).toEqual(await logged('down-1'));
  expect(told('down-2')).toEqual(await logged('down-2'));
  const tries = await plane.call('listWebhookDeliveries', { params: { namespace, webhook: 'all' } });
  expect(tries.body.items.some(({ succeeded }: { succeeded: boolean }) => !succeeded)).toBe(true);
});

test('runs at the same time tell nothing twice, and the schedule finds what nobody announced', async () => {
  const id = await create('crowded');
  await touch('crowded', 5);
  const run = () => deliverWebhooks(platform, { namespace, deploymentId: id });
  await Promise.all([run(), run(), run(), deliverWebhooks(platform, undefined)]);
  await deliverWebhooks(platform, undefined);
  expect(told('crowded')).toEqual(await logged('crowded'));
});

test('names and labels choose what is told', async () => {
  await createWebhook({ name: 'chosen', labels: ['team:x'], events: ['deployment-changed'] });
  const mine = await create('mine', { team: 'x' });
  const others = await create('others', { team: 'y' });
  await touch('mine', 2);
  await touch('others', 2);
  received.length = 0;
  const hook = await platform.stores.webhooks.get(namespace, 'all');
  await plane.call('deleteWebhook', { params: { namespace, webhook: 'all' } });
  expect(hook).toBeDefined();
  await deliverWebhooks(platform, { namespace, deploymentId: mine });
  await deliverWebhooks(platform, { namespace, deploymentId: others });
  expect(received.map(({ event }) => [event.deployment, event.name])).toEqual([
    ['mine', 'deployment-changed'],
    ['mine', 'deployment-changed'],
  ]);
});

test('a day of failures disables a webhook, with an event that says why', async () => {
  await plane.call('deleteWebhook', { params: { namespace, webhook: 'chosen' } });
  await createWebhook({ name: 'dead' });
  const id = await create('unheard');
  status = 500;
  for (let hour = 0; hour < 26; hour++) {
    await deliverWebhooks(platform, undefined);
    await deliverWebhooks(platform, { namespace, deploymentId: id });
    clock.offsetMs += 3_600_000;
  }
  status = 200;
  expect(await webhook('dead')).toMatchObject({
    enabled: false,
    status: { state: 'disabled', lastError: 'the receiver answered 500' },
  });
  const query = { name: 'webhook-disabled' };
  const { items } = (await plane.call('listNamespaceEvents', { params: { namespace }, query })).body;
  expect(items).toMatchObject([{ deployment: 'unheard', severity: 'error', actor: 'system:webhooks' }]);
});

test('a test is answered with what became of it, and redirects are not followed', async () => {
  await createWebhook({ name: 'tested' });
  const send = () => plane.call('testWebhook', { params: { namespace, webhook: 'tested' } });
  expect((await send()).body).toMatchObject({ succeeded: true, responseStatus: 200, eventId: null });
  expect(received.at(-1)?.event.test).toBe(true);
  status = 302;
  expect((await send()).body).toMatchObject({ succeeded: false, error: 'the receiver answered 302' });
  status = 200;
});

test('events are filtered by name, severity, time and operation, over one deployment or the namespace', async () => {
  await create('storied');
  const start = await plane.call('startDeployment', {
    params: { namespace, deployment: 'storied' },
    body: {},
    headers: { 'idempotency-key': randomUUID() },
  });
  await plane.carryOut(start.body);
  const list = async (
    query: Record<string, unknown>,
    of: 'listEvents' | 'listNamespaceEvents' = 'listEvents',
  ) => (await plane.call(of, { params: { namespace, deployment: 'storied' }, query })).body.items as Event[];
  expect((await list({ name: ['job-running', 'job-created'] })).map(({ name }) => name)).toEqual([
    'job-running',
    'job-created',
  ]);
  const ofOperation = await list({ operation: start.body.id }, 'listNamespaceEvents');
  expect(ofOperation.map(({ name }) => name)).toContain('operation-accepted');
  expect(ofOperation.every(({ deployment }) => deployment === 'storied')).toBe(true);
  expect(await list({ severity: 'error' })).toEqual([]);
  const all = await list({});
  const middle = all.at(2);
  const since = await list({ since: middle?.at ?? '' });
  expect(since.length).toBeLessThan(all.length);
  expect(since.map(({ id }) => id)).toContain(middle?.id);
  const text = await plane.call('listNamespaceEvents', {
    params: { namespace },
    query: { format: 'ndjson', limit: 3 },
    raw: true,
  });
  expect(text.headers['content-type']).toContain('application/x-ndjson');
  expect(String(text.body).trim().split('\n')).toHaveLength(3);
});
