/**
 * Savepoints of several deployments at random: taken, copied, held, deleted, brought back, removed and collected, with
 * a crash before or after any call; whatever is recorded can be read whole at any moment, and nothing else stays.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { ulid } from '#contract/id.ts';
import { Problem } from '#contract/problems.ts';
import { seededRandom } from '#engine/testing/seeded-random.ts';
import { newSavepoint } from '#functions/control/new-savepoint.ts';
import { purgeDueSavepoint } from '#functions/events/purge-due-savepoint.ts';
import type { Platform } from '#functions/middleware/platform.ts';
import { collectAtRest } from '#functions/savepoints/collect-at-rest.ts';
import { copySavepoint } from '#functions/steps/copy-savepoint.ts';
import { collectAfterPurge, purgeSavepoint } from '#functions/savepoints/purge-savepoint.ts';
import { isTransient } from '#functions/steps/retryable-error.ts';
import type { StepContext } from '#functions/steps/step.ts';
import {
  holdSavepoint,
  releaseSavepoint,
  trashSavepoint,
  undeleteSavepoint,
} from '#functions/savepoints/trash-savepoint.ts';
import type { StoredSavepoint } from '#functions/stores/savepoints.ts';
import { storesOver } from '#functions/stores/stores.ts';
import { MemoryBucket } from '../model/memory-bucket.ts';
import { MemoryTable } from '../model/memory-table.ts';

const HOUR_MS = 3_600_000;
const PLACES = ['01', '02', '03'].map((digits) => digits.padStart(26, '0'));

const ACTS = [
  ...(['take', 'copy', 'copy', 'trash', 'undelete', 'hold', 'release'] as const),
  ...(['purge', 'purge', 'collect', 'tidy'] as const),
];

class Crash extends Error {}

class Life {
  readonly random: () => number;
  readonly table = new MemoryTable();
  readonly bucket = new MemoryBucket(() => new Date(this.nowMs));
  readonly platform: Platform;
  readonly done = new Map<string, number>();
  crashRate = 0.02;
  nowMs = Date.UTC(2026, 0, 1);
  #ids = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    // The stores use nothing of the clients but this.
    const table = { send: this.#calls((command) => this.table.send(command)) };
    const bucket = { send: this.#calls((command) => this.bucket.send(command)) };
    const stores = storesOver(
      { table: 'table', client: table as unknown as DynamoDBDocumentClient },
      { name: 'state', client: bucket as unknown as S3Client },
    );
    this.platform = {
      stores,
      now: () => new Date(this.nowMs),
      newId: () => this.newId(),
    } as unknown as Platform;
    for (const id of PLACES)
      this.bucket.put(`checkpoints/${id}/head.json`, JSON.stringify({ epoch: 1, jobId: 'j' }));
  }

  newId(): string {
    this.#ids += 1;
    return ulid(this.nowMs + this.#ids, new Uint8Array(16));
  }

  async step(): Promise<void> {
    this.nowMs += Math.floor(this.random() * HOUR_MS);
    const act = this.#pick(ACTS) ?? 'take';
    try {
      await this[act]();
      this.done.set(act, (this.done.get(act) ?? 0) + 1);
    } catch (error) {
      const isExpected = error instanceof Crash || error instanceof Problem || isTransient(error);
      // What a manifest that is gone throws is the savepoint's own end.
      if (!isExpected && (error as Error).name !== 'Refusal') throw error;
    }
  }

  /** As a job does: some chunks that are there, some new ones, and one record. */
  async take(): Promise<void> {
    const deploymentId = this.#pick(PLACES) ?? '';
    if ((await this.#all()).length > 25) return;
    const id = this.newId();
    const folder = `checkpoints/${deploymentId}/savepoints/${id}`;
    const earlier = this.#pick((await this.#all()).filter((one) => one.location.includes(deploymentId)));
    const shared = earlier?.state === 'completed' ? this.#chunksOf(earlier).slice(0, 2) : [];
    const fresh = `checkpoints/${deploymentId}/chunks/1/${id.padEnd(64, 'a').replaceAll(/[^0-9a-f]/g, 'b')}`;
    const record: StoredSavepoint = {
      ...newSavepoint({
        id,
        namespace: 'default',
        deployment: `d-${deploymentId.slice(-2)}`,
        deploymentId,
        jobId: 'j',
        jobNumber: 1,
        version: 1,
        origin: 'user-request',
        description: '',
        location: `s3://state/${folder}`,
        createdAt: new Date(this.nowMs).toISOString(),
        createdBy: 'user:a',
      }),
      state: 'completed',
      completedAt: new Date(this.nowMs).toISOString(),
      triggerId: id,
      tries: 1,
      revision: 1,
      isPurging: false,
    };
    const chunks = [...shared, fresh].map((key) => ({ key, bytes: 1 }));
    this.bucket.put(fresh, id);
    this.bucket.put(
      `${folder}/manifest.json`,
      JSON.stringify({ version: 2, maxParallelism: 1, checkpointId: 1, splits: [], operators: [{ chunks }] }),
    );
    this.table.send(await this.#transaction([this.platform.stores.savepoints.written(record)]));
  }

  async copy(): Promise<void> {
    const source = this.#pick(await this.#all());
    const to = this.#pick(PLACES.filter((id) => id !== source?.deploymentId));
    if (source === undefined || to === undefined) return;
    const at = new Date(this.nowMs).toISOString();
    const deployment = {
      id: to,
      name: `d-${to.slice(-2)}`,
      namespace: 'default',
      spec: { version: 1 },
      parent: {
        deploymentId: source.deploymentId,
        deployment: source.deployment,
        namespace: 'default',
        savepointId: source.id,
      },
    };
    const operation = { id: this.newId(), actor: 'user:a', request: { restoreStrategy: null } };
    const event = () =>
      this.platform.stores.due.removed({
        at,
        kind: 'purge-savepoint',
        namespace: 'x',
        deployment: 'x',
        deploymentId: 'x',
        id: 'x',
      });
    const outcome = await copySavepoint({
      platform: this.platform,
      at,
      deployment,
      operation,
      event,
    } as unknown as StepContext);
    const writes = (outcome.writes ?? []).filter(({ resource }) => resource !== 'due');
    await this.platform.stores.commit(writes);
  }

  async trash(): Promise<void> {
    await this.#with((savepoint) => trashSavepoint(this.platform, { savepoint, actor: 'user:a' }));
  }
  async undelete(): Promise<void> {
    await this.#with((savepoint) => undeleteSavepoint(this.platform, { savepoint, actor: 'user:a' }));
  }
  async hold(): Promise<void> {
    await this.#with((savepoint) => holdSavepoint(this.platform, { savepoint, actor: 'user:a' }, 'why'));
  }
  async release(): Promise<void> {
    await this.#with((savepoint) => releaseSavepoint(this.platform, { savepoint, actor: 'user:a' }));
  }
  async purge(): Promise<void> {
    await this.#with(async (savepoint) => {
      await purgeSavepoint(this.platform, { savepoint, actor: 'user:a' });
      await collectAfterPurge(this.platform, savepoint);
    });
  }
  async collect(): Promise<void> {
    const id = this.#pick(PLACES) ?? '';
    await collectAtRest(this.platform, { id, namespace: 'default', name: `d-${id.slice(-2)}` });
  }
  async tidy(): Promise<void> {
    const now = this.platform.now().toISOString();
    for (const due of await this.platform.stores.due.until(now, 100))
      if (await purgeDueSavepoint(this.platform, due))
        await this.platform.stores.commit([this.platform.stores.due.removed(due)]);
  }

  /** Everything that a record promises is there. */
  async check(): Promise<void> {
    const rate = this.crashRate;
    this.crashRate = 0;
    for (const savepoint of await this.#all())
      if (!savepoint.isPurging)
        for (const key of this.#chunksOf(savepoint))
          expect(this.bucket.get(key), `${key} of savepoint ${savepoint.id}`).toBeDefined();
    this.crashRate = rate;
  }

  /** Without crashes, all is removed; then nothing may be left. */
  async end(): Promise<readonly string[]> {
    this.crashRate = 0;
    for (let round = 0; round < 3; round += 1) {
      this.nowMs += 30 * 24 * HOUR_MS;
      for (const savepoint of await this.#all())
        await purgeSavepoint(this.platform, {
          savepoint:
            savepoint.hold === null
              ? savepoint
              : await releaseSavepoint(this.platform, { savepoint, actor: 'a' }),
          actor: 'a',
        });
      for (const id of PLACES)
        await collectAtRest(this.platform, { id, namespace: 'default', name: `d-${id.slice(-2)}` });
    }
    return this.bucket.keys('checkpoints/').filter((key) => !key.endsWith('/head.json'));
  }

  #chunksOf({ location }: StoredSavepoint): string[] {
    const manifest = this.bucket.get(`${location.slice('s3://state/'.length)}/manifest.json`);
    expect(manifest, `manifest of ${location}`).toBeDefined();
    const { operators } = JSON.parse(manifest?.text ?? '{}') as {
      operators: { chunks: { key: string }[] }[];
    };
    return operators.flatMap(({ chunks }) => chunks.map(({ key }) => key));
  }

  async #with(act: (savepoint: StoredSavepoint) => Promise<unknown>): Promise<void> {
    const savepoint = this.#pick(await this.#all());
    if (savepoint !== undefined) await act(savepoint);
  }

  async #all(): Promise<StoredSavepoint[]> {
    const rate = this.crashRate;
    this.crashRate = 0;
    const all = await Promise.all(PLACES.map((id) => this.platform.stores.savepoints.all(id)));
    this.crashRate = rate;
    return all.flat();
  }

  async #transaction(writes: readonly { readonly item: unknown }[]): Promise<unknown> {
    const { TransactWriteCommand } = await import('@aws-sdk/lib-dynamodb');
    return new TransactWriteCommand({ TransactItems: writes.map(({ item }) => item) as never });
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.random() * from.length)];
  }

  #calls(perform: (command: unknown) => unknown): (command: unknown) => Promise<unknown> {
    return async (command) => {
      if (this.random() < this.crashRate) throw new Crash('before the call');
      const answer = perform(command);
      if (this.random() < this.crashRate) throw new Crash('after the call');
      return Promise.resolve(answer);
    };
  }
}

describe('savepoints of several deployments', () => {
  it.each([1, 2, 3, 4, 5])(
    'lose no chunk and leave none behind, seed %i',
    { timeout: 60_000 },
    async (seed) => {
      const life = new Life(seed);
      for (let step = 0; step < 2500; step += 1) {
        await life.step();
        if (step % 5 === 0) await life.check();
      }
      await life.check();
      for (const act of ['take', 'copy', 'trash', 'undelete', 'hold', 'purge', 'collect', 'tidy'])
        expect(life.done.get(act), act).toBeGreaterThan(20);
      expect(await life.end()).toEqual([]);
    },
  );
});
