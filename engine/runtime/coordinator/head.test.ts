import { describe, expect, it } from 'vitest';
import { FencedError, type StoredObject, type WriteCondition } from '../../host.ts';
import { InMemoryStorage } from '../in-memory-storage.ts';
import { Head } from './head.ts';
import { decodeJson, encodeJson } from './json-object.ts';

const owner = { prefix: 'p', epoch: 3, jobId: 'job' };
const checkpoint = { id: 1, manifest: 'p/jobs/job/chk-1.json' };

/** Storage that loses the answers of writes that succeeded and tries again by itself, as SDKs do. */
class ForgetfulStorage extends InMemoryStorage {
  forgets = false;

  override async put(
    key: string,
    bytes: Uint8Array,
    condition?: WriteCondition,
  ): Promise<{ readonly etag: string }> {
    if (this.forgets) await super.put(key, bytes, condition);
    return super.put(key, bytes, condition);
  }
}

async function content(storage: InMemoryStorage): Promise<Readonly<Record<string, unknown>>> {
  const found: StoredObject | undefined = await storage.get('p/head.json');
  return decodeJson('p/head.json', found?.bytes ?? new Uint8Array());
}

describe('Head', () => {
  it('is made by the first job of a deployment', async () => {
    const storage = new InMemoryStorage();
    await Head.open(storage, owner);
    expect(await content(storage)).toEqual({ epoch: 3, jobId: 'job' });
  });

  it('refuses a job of another epoch, older or newer', async () => {
    const storage = new InMemoryStorage();
    await storage.put('p/head.json', encodeJson({ epoch: 3, jobId: 'job' }));
    await expect(Head.open(storage, { ...owner, epoch: 2 })).rejects.toThrow(
      'is fenced: its deployment has epoch 3 now',
    );
    await expect(Head.open(storage, { ...owner, epoch: 4 })).rejects.toBeInstanceOf(FencedError);
  });

  it('keeps the checkpoint of the job before', async () => {
    const storage = new InMemoryStorage();
    await storage.put('p/head.json', encodeJson({ epoch: 3, jobId: 'job', checkpoint }));
    expect((await Head.open(storage, owner)).checkpoint).toEqual(checkpoint);
  });

  it('refuses to commit once a newer epoch is in it, and changes nothing', async () => {
    const storage = new InMemoryStorage();
    const head = await Head.open(storage, owner);
    await head.commit(checkpoint);
    await storage.put('p/head.json', encodeJson({ epoch: 4, jobId: 'next', checkpoint }));
    await expect(head.commit({ id: 2, manifest: 'other' })).rejects.toBeInstanceOf(FencedError);
    expect(await content(storage)).toEqual({ epoch: 4, jobId: 'next', checkpoint });
  });

  it('takes its own write for what it is when the answer was lost', async () => {
    const storage = new ForgetfulStorage();
    const head = await Head.open(storage, owner);
    storage.forgets = true;
    await head.commit(checkpoint);
    await head.commit({ id: 2, manifest: 'p/jobs/job/chk-2.json' });
    expect(await content(storage)).toMatchObject({ epoch: 3, checkpoint: { id: 2 } });
  });

  it('names a head that is no JSON', async () => {
    const storage = new InMemoryStorage();
    await storage.put('p/head.json', new TextEncoder().encode('{"epoch":'));
    await expect(Head.open(storage, owner)).rejects.toThrow('Cannot read "p/head.json": it is not JSON');
  });
});
