/**
 * Deployments that live at random: jobs start, take checkpoints and savepoints, freeze, die and are replaced, savepoints
 * are disposed of, and everybody collects garbage; whatever may be read must be whole at any moment.
 */
import { expect } from 'vitest';
import { seededRandom } from '../../testing/seeded-random.ts';
import { InMemoryStorage } from '../in-memory-storage.ts';
import { collectGarbage } from './collect-garbage.ts';
import { isCollectable } from './garbage.ts';
import { parseHead, type HeadContent } from './head.ts';
import { storageKeys } from './storage-keys.ts';
import { JobLife } from './job-life.fixture.ts';
import { seen, type JobWorld, type Usable } from './job-world.fixture.ts';
import { encodeJson } from './json-object.ts';
import { chunksOf, readManifest } from './manifest.ts';
import { readCheckpoint } from './read-checkpoint.ts';
import { Turns, TurnStorage, settled, type Life } from './turns.fixture.ts';
import { immediateZstd } from './zstd.ts';

const PREFIXES = ['a', 'b'];

/** Deployments over one storage. */
export class World implements JobWorld {
  readonly storage = new InMemoryStorage();
  readonly random: () => number;
  readonly turns: Turns;
  /** By manifest key: what it must hold. */
  readonly expected = new Map<string, readonly string[]>();
  readonly usable = new Set<Usable>();
  /** By chunk: what was handed over for it. */
  readonly texts = new Map<string, string>();
  /** Of jobs: what should never happen to one. */
  readonly failures: unknown[] = [];
  readonly #jobs = new Map<string, { readonly job: JobLife; readonly life: Life }[]>();
  #names = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.turns = new Turns(this.random);
    for (const prefix of PREFIXES) this.#jobs.set(prefix, []);
  }

  /** Lives for so many calls of the storage, then lets all end and collects what is left. */
  async live(steps: number): Promise<void> {
    while (this.turns.steps < steps) {
      if (this.random() < 0.02) this.#happen();
      if (!(await this.turns.step())) this.#happen();
      if (this.random() < 0.02) await this.check();
    }
    await this.#quiet();
  }

  /** Every manifest that a reader may use can be read whole, and holds what it held when it was written. */
  async check(): Promise<void> {
    expect(this.failures).toEqual([]);
    for (const prefix of PREFIXES) {
      const head = await this.#head(prefix);
      if (head?.checkpoint === undefined) continue;
      for (const { manifest } of [head.checkpoint, ...(head.checkpoint.retained ?? [])])
        await this.#whole(manifest);
    }
    for (const { directory } of this.usable) await this.#whole(`${directory}/manifest.json`);
  }

  /** A name that was never given before. */
  name(): string {
    this.#names += 1;
    return String(this.#names).padStart(32, '0');
  }

  async #whole(key: string): Promise<void> {
    const { parts } = await readCheckpoint({ storage: this.storage, compression: immediateZstd }, key);
    const content = parts.map(({ state, bytes }) => `${state}: ${new TextDecoder().decode(bytes)}`);
    expect(content, key).toEqual(this.expected.get(key));
  }

  #happen(): void {
    const prefix = this.#pick(PREFIXES) ?? '';
    const jobs = this.#jobs.get(prefix) ?? [];
    const dice = this.random();
    if (jobs.length === 0 || dice < 0.25) void this.#start(prefix, jobs);
    else if (dice < 0.45) this.#kill(jobs);
    else if (dice < 0.65) this.#dispose();
    else if (dice < 0.75) void this.#collect(prefix);
  }

  /** As the control plane starts a job: the epoch first. Older jobs are not told. */
  async #start(prefix: string, jobs: { readonly job: JobLife; readonly life: Life }[]): Promise<void> {
    const jobId = this.name();
    const savepoint = this.random() < 0.4 ? this.#pick([...this.usable]) : undefined;
    const fresh = this.random() < 0.1;
    const head = await this.#raise(prefix, { jobId, keep: savepoint === undefined && !fresh });
    if (head === undefined) return;
    seen.restores += 1;
    if (savepoint !== undefined && savepoint.prefix !== prefix) seen.forks += 1;
    const life: Life = { dead: false };
    const job = new JobLife(this, new TurnStorage(this.storage, this.turns, life), {
      owner: { prefix, jobId, epoch: head.epoch },
      restore: savepoint?.directory ?? (fresh ? 'nothing' : 'latest'),
      mayMiss: () => savepoint !== undefined && !this.usable.has(savepoint),
    });
    jobs.push({ job, life });
    void job.run().then(() => {
      life.dead = true;
    });
  }

  async #raise(
    prefix: string,
    { jobId, keep }: { readonly jobId: string; readonly keep: boolean },
  ): Promise<HeadContent | undefined> {
    const key = storageKeys.head(prefix);
    const found = await this.storage.get(key);
    const before = found === undefined ? undefined : parseHead(key, found.bytes);
    const checkpoint = keep ? before?.checkpoint : undefined;
    const head = {
      epoch: (before?.epoch ?? 0) + 1,
      jobId,
      ...(checkpoint === undefined ? {} : { checkpoint }),
    };
    const condition = found === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: found.etag };
    try {
      await this.storage.put(key, encodeJson(head), condition);
      return head;
    } catch {
      return undefined;
    }
  }

  #kill(jobs: { readonly job: JobLife; readonly life: Life }[]): void {
    const [killed] = jobs.splice(Math.floor(this.random() * jobs.length), 1);
    if (killed !== undefined) killed.life.dead = true;
  }

  #dispose(): void {
    const savepoint = this.#pick([...this.usable]);
    if (savepoint === undefined || this.usable.size < 3) return;
    seen.disposals += 1;
    this.usable.delete(savepoint);
    void this.storage.delete([`${savepoint.directory}/manifest.json`]);
  }

  /** The control plane believes that no job is alive, and may be wrong. */
  async #collect(prefix: string): Promise<void> {
    const control = new TurnStorage(this.storage, this.turns, { dead: false });
    await collectGarbage(control, prefix).catch((error: unknown) => {
      if (!/did not answer/.test(String(error))) throw error;
    });
  }

  /** All die, what is on its way comes about, and nothing is left that nobody refers to. */
  async #quiet(): Promise<void> {
    for (const jobs of this.#jobs.values()) for (const { life } of jobs) life.dead = true;
    this.turns.calm = true;
    while (await this.turns.step());
    await settled();
    await this.check();
    for (const prefix of PREFIXES) {
      if ((await this.#head(prefix)) === undefined) continue;
      expect(await collectGarbage(this.storage, prefix)).toMatchObject({ outcome: 'collected' });
      expect(await this.#unreferenced(prefix)).toEqual([]);
    }
    await this.check();
  }

  async #unreferenced(prefix: string): Promise<string[]> {
    const needed = new Set<string>();
    const objects: string[] = [];
    const head = await this.#head(prefix);
    const named =
      head?.checkpoint === undefined ? [] : [head.checkpoint, ...(head.checkpoint.retained ?? [])];
    const manifests = named.map(({ manifest }) => manifest);
    for await (const key of this.storage.list(`${prefix}/`)) {
      if (key.endsWith('/manifest.json')) manifests.push(key);
      else if (isCollectable(prefix, key, Number.POSITIVE_INFINITY)) objects.push(key);
    }
    for (const key of manifests) {
      needed.add(key);
      for (const chunk of chunksOf((await readManifest(this.storage, key)).manifest)) needed.add(chunk.key);
    }
    return objects.filter((key) => !needed.has(key));
  }

  async #head(prefix: string): Promise<HeadContent | undefined> {
    const key = storageKeys.head(prefix);
    const found = await this.storage.get(key);
    return found === undefined ? undefined : parseHead(key, found.bytes);
  }

  #pick<T>(things: readonly T[]): T | undefined {
    return things[Math.floor(this.random() * things.length)];
  }
}
