/** Large bundles go up in parts; a cut upload goes on where it was. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uploadBundle } from '#cli/push/upload-bundle.ts';
import type { Uploaded } from '#cli/push/upload-bundle.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { Answer, ControlPlane } from './control-plane-fixture.ts';

const namespace = 'default';
const application = 'large';
const MIB = 1024 * 1024;
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
});
afterAll(async () => plane.close());

function bundleOf(sizeBytes: number): Uploaded {
  const code = randomBytes(sizeBytes);
  return { code, sha256: createHash('sha256').update(code).digest('hex') };
}

/** Carries this many uploads, and fails from then on. */
function line(carries = Infinity) {
  const sizes: number[] = [];
  const send: typeof fetch = async (input, init) => {
    if (sizes.length >= carries) throw new Error('the line is cut');
    const { body } = init ?? {};
    sizes.push(body instanceof Uint8Array ? body.byteLength : 0);
    return fetch(input, init);
  };
  return { send, sizes };
}

async function upload(bundle: Uploaded, send: typeof fetch): Promise<string[]> {
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  await uploadBundle({ client: plane.client, namespace, application, say, fetch: send }, bundle);
  return said;
}

function register({ sha256, code }: Uploaded): Promise<Answer> {
  return plane.call('createApplicationVersion', {
    params: { namespace, application },
    body: { sha256, sizeBytes: code.byteLength, graphHash: sha256, graph: { nodes: [] } },
  });
}

test('an upload of 60 MB that is cut half-way sends only the rest when it is begun again', async () => {
  const bundle = bundleOf(60 * MIB);
  const first = line(4);
  await expect(upload(bundle, first.send)).rejects.toThrow(
    'the line is cut; push again: 4 of 8 parts are there and are not sent again',
  );
  expect((await register(bundle)).body.code).toBe('bundle-mismatch');
  const second = line();
  const said = await upload(bundle, second.send);
  expect(second.sizes.toSorted((a, b) => a - b)).toEqual([4 * MIB, 8 * MIB, 8 * MIB, 8 * MIB]);
  expect(said[0]).toBe('4 of 8 parts are there already');
  expect(said).toContain('8 of 8 parts, 62.9 MB of 62.9 MB');
  expect((await register(bundle)).status).toBe(201);
  const third = line();
  await upload(bundle, third.send);
  expect(third.sizes).toEqual([]);
});

test('a small bundle is sent at once', async () => {
  const bundle = bundleOf(3000);
  const { send, sizes } = line();
  await upload(bundle, send);
  expect(sizes).toEqual([3000]);
  expect((await register(bundle)).status).toBe(201);
});

describe('an upload in parts', () => {
  test('of other bytes is refused when it is registered, and can be repeated', async () => {
    const bundle = bundleOf(9 * MIB);
    await upload({ ...bundle, code: randomBytes(9 * MIB) }, fetch);
    expect(await register(bundle)).toMatchObject({ status: 422, body: { code: 'bundle-mismatch' } });
    await upload(bundle, fetch);
    expect((await register(bundle)).status).toBe(201);
  });

  test('is not completed before all parts have arrived, and may be completed twice', async () => {
    const { code, sha256 } = bundleOf(9 * MIB);
    const size = { sha256, sizeBytes: code.byteLength };
    const params = { namespace, application };
    const { uploadId, missing } = (await plane.call('createUpload', { params, body: size })).body.parts;
    const complete = (): Promise<Answer> =>
      plane.call('completeUpload', {
        params: { ...params, sha256 },
        body: { uploadId, sizeBytes: size.sizeBytes },
      });
    expect(await complete()).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('part 1, 2 has not arrived whole') },
    });
    await fetch(missing[0].url, { method: 'PUT', body: code.subarray(0, 8 * MIB) });
    await fetch(missing[1].url, { method: 'PUT', body: code.subarray(8 * MIB) });
    expect((await complete()).status).toBe(200);
    expect((await complete()).status).toBe(200);
  });

  test('that does not exist is not completed', async () => {
    const params = { namespace, application, sha256: 'a'.repeat(64) };
    expect(
      await plane.call('completeUpload', { params, body: { uploadId: 'gone', sizeBytes: 9 * MIB } }),
    ).toMatchObject({ status: 404, body: { detail: expect.stringContaining('ask for a new upload') } });
  });
});

test('a bundle above the limit is refused, which the refusal names', async () => {
  const body = { sha256: 'a'.repeat(64), sizeBytes: 262_144_001 };
  expect(await plane.call('createUpload', { params: { namespace, application }, body })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/sizeBytes', message: expect.stringContaining('262144000') }] },
  });
});
