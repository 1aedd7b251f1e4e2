import { describe, expect, it } from 'vitest';
import { expectedTotals, type Payment } from './counting.fixture.ts';
import { decodeJson } from './coordinator/json-object.ts';
import { Deployment, SPLITS } from './job-runs.fixture.ts';

/** Enough for some checkpoints before the end. */
const COUNT = 2000;
const expected = expectedTotals(SPLITS, COUNT);

/** A deployment whose first job was lost after some checkpoints; newest manifest first. */
async function lostJob(): Promise<{ deployment: Deployment; manifests: string[] }> {
  const deployment = new Deployment();
  const run = await deployment.start({ count: COUNT });
  await run.checkpoints(3);
  const head = decodeJson('head', await bytesAt(deployment, 'd/head.json'));
  const { manifest } = head['checkpoint'] as { manifest: string }; // what the engine writes
  const keys = await deployment.keys(manifest.slice(0, manifest.lastIndexOf('/') + 1));
  const idOf = (key: string) => Number(/chk-(\d+)/.exec(key)?.[1]);
  const manifests = keys
    .filter((key) => key.includes('/chk-') && idOf(key) <= idOf(manifest))
    .sort((a, b) => idOf(b) - idOf(a));
  expect(manifests[0]).toBe(manifest);
  return { deployment, manifests };
}

async function bytesAt({ storage }: Deployment, key: string): Promise<Uint8Array> {
  return (await storage.get(key))?.bytes ?? new Uint8Array();
}

/** Keys of the state that only the first of these checkpoints has. */
async function ownChunks(deployment: Deployment, manifests: readonly string[]): Promise<string[]> {
  const [newest = '', ...older] = await Promise.all(
    manifests.map(async (key) => new TextDecoder().decode(await bytesAt(deployment, key))),
  );
  const keys = [...newest.matchAll(/"key":"([^"]+)"/g)].map(([, key]) => key ?? '');
  return keys.filter((key) => !older.some((text) => text.includes(key)));
}

describe('a recovery whose latest checkpoint cannot be read', () => {
  it.each(['a corrupt chunk', 'a missing chunk', 'a corrupt manifest', 'a missing manifest'])(
    'goes on from the one before it after %s, and counts every payment once',
    async (damage) => {
      const { deployment, manifests } = await lostJob();
      const [manifest = '', before = ''] = manifests;
      const [chunk = ''] = await ownChunks(deployment, manifests);
      const victim = damage.endsWith('chunk') ? chunk : manifest;
      if (damage.includes('missing')) await deployment.storage.delete([victim]);
      else await deployment.storage.put(victim, Buffer.from('damaged'));
      const run = await deployment.start({ count: COUNT });
      expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
      expect(deployment.table.rows).toEqual(expected);
      expect(run.host.events).toContainEqual(
        expect.objectContaining({ type: 'checkpoint-unreadable', manifest }),
      );
      expect(run.host.events).toContainEqual(
        expect.objectContaining({ type: 'job-restored', manifest: before }),
      );
    },
  );

  it('is FAILED with what can be done when no older one is whole, and begins nothing', async () => {
    const { deployment, manifests } = await lostJob();
    for (const key of manifests) await deployment.storage.put(key, Buffer.from('{'));
    const rows = new Map(deployment.table.rows);
    const run = await deployment.start({ count: COUNT });
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      fenced: false,
      failure: { name: 'Refusal', message: expect.stringContaining('start the deployment from a savepoint') },
    });
    expect(deployment.table.rows).toEqual(rows);
  });
});

describe('a restart whose latest checkpoint cannot be read', () => {
  it('goes on from the one before it, and counts every payment once', async () => {
    const deployment = new Deployment();
    let broken = false;
    const watch = (_: Payment) => {
      if (broken) throw new Error('once');
    };
    const run = await deployment.start({ watch, count: COUNT });
    await run.checkpoints(3);
    const keys = await deployment.keys('d/jobs/');
    const manifests = keys.filter((key) => key.includes('/chk-')).sort((a, b) => b.localeCompare(a));
    for (const chunk of await ownChunks(deployment, manifests)) await deployment.storage.delete([chunk]);
    broken = true;
    await run.until(() => run.job.status().state === 'RESTARTING');
    broken = false;
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(deployment.table.rows).toEqual(expected);
    expect(run.host.events.filter(({ type }) => type === 'checkpoint-unreadable')).toHaveLength(1);
  });
});
