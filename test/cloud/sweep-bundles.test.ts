/** The bytes of a bundle stay for as long as any version refers to them, and then go. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepBundles } from '#functions/events/sweep-bundles.ts';
import { platform } from '#functions/middleware/platform.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { Answer, ControlPlane } from './control-plane-fixture.ts';

const HOUR_MS = 3_600_000;
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
  await plane.call('createNamespace', { body: { name: 'other' } });
  for (const namespace of ['default', 'other'])
    await plane.call('createApplication', { params: { namespace }, body: { name: 'clicks' } });
});
afterAll(async () => plane.close());

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function push(namespace: string, text: string): Promise<Answer> {
  const params = { namespace, application: 'clicks' };
  const size = { sha256: hashOf(text), sizeBytes: text.length };
  const { url, headers } = (await plane.call('createUpload', { params, body: size })).body;
  if (url !== null) await fetch(url, { method: 'PUT', headers, body: text });
  return register(namespace, text);
}

function register(namespace: string, text: string): Promise<Answer> {
  const params = { namespace, application: 'clicks' };
  const body = {
    sha256: hashOf(text),
    sizeBytes: text.length,
    graphHash: hashOf(text),
    graph: { nodes: [] },
  };
  return plane.call('createApplicationVersion', { params, body });
}

async function remove(namespace: string, { body }: Answer): Promise<void> {
  const params = { namespace, application: 'clicks', version: String(body.version) };
  expect((await plane.call('deleteApplicationVersion', { params })).status).toBe(200);
}

/** Two days from now, when all that was uploaded is old, and so many hours later. */
const sweep = (hours: number): Promise<string[]> =>
  sweepBundles(platform(), new Date(Date.now() + (48 + hours) * HOUR_MS));

test('a bundle goes with the last version of all namespaces that refers to it', async () => {
  const ours = await push('default', 'shared');
  const theirs = await push('other', 'shared');
  await remove('default', ours);
  expect([await sweep(0), await sweep(1), await sweep(2)]).toEqual([[], [], []]);
  expect(await plane.objectText(`bundles/${hashOf('shared')}.mjs`)).toBe('shared');
  await remove('other', theirs);
  expect([await sweep(3), await sweep(4)]).toEqual([[], [hashOf('shared')]]);
  expect(await plane.objectText(`bundles/${hashOf('shared')}.mjs`)).toBe('');
  expect((await register('default', 'shared')).body.code).toBe('bundle-mismatch');
  expect((await push('default', 'shared')).status).toBe(201);
  expect([await sweep(5), await sweep(6)]).toEqual([[], []]);
});

test('a bundle that is registered while it waits for its deletion stays', async () => {
  await remove('default', await push('default', 'again'));
  expect(await sweep(10)).toEqual([]);
  expect((await register('default', 'again')).status).toBe(201);
  expect([await sweep(11), await sweep(12)]).toEqual([[], []]);
  expect(await plane.objectText(`bundles/${hashOf('again')}.mjs`)).toBe('again');
});

test('a bundle is either registered or deleted where both happen at once', async () => {
  for (let round = 0; round < 8; round++) {
    const text = `raced ${round}`;
    await remove('default', await push('default', text));
    await sweep(20 + 2 * round);
    const [answer] = await Promise.all([register('default', text), sweep(21 + 2 * round)]);
    const bytes = await plane.objectText(`bundles/${hashOf(text)}.mjs`);
    // Refused, they may be there still: the mark was taken for a deletion just then.
    if (answer.status === 201) expect(bytes).toBe(text);
    else expect(answer.status).toBe(422);
  }
});

test('a bundle that was uploaded a moment ago waits for its registration', async () => {
  const text = 'fresh';
  await remove('default', await push('default', text));
  const soon = new Date(Date.now() + HOUR_MS);
  await sweepBundles(platform(), soon);
  await sweepBundles(platform(), new Date(soon.getTime() + HOUR_MS));
  expect(await plane.objectText(`bundles/${hashOf(text)}.mjs`)).toBe(text);
});
