import { expect } from 'vitest';
import { isFenced, type CheckpointStorage, type EngineEvent } from '../../host.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { ChainPart } from './chain-part.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { storageKeys } from './storage-keys.ts';
import type { HeadOwner } from './head.ts';
import { isExpected, seen, type JobWorld } from './job-world.fixture.ts';
import { MANIFEST_VERSION, type Manifest } from './manifest.ts';
import type { ReadCheckpoint } from './read-checkpoint.ts';
import { Refusal } from './refusal.ts';
import { SnapshotIntake, writerOf } from './snapshot-intake.ts';

const [WRITERS, TABLES] = [2, ['x', 'y']];
const OPERATOR = 'operator';
const KEY_GROUPS = { start: 0, end: 0 };

/** How a job begins. */
interface LifeStart {
  readonly owner: HeadOwner;
  /** `nothing`, `latest`, or the directory of a savepoint. */
  readonly restore: string;
  /** The savepoint may be gone by now. */
  readonly mayMiss: () => boolean;
}

/** A job as its store sees it: snapshots of a few writers, checkpoints, savepoints and restarts. */
export class JobLife {
  readonly #world: JobWorld;
  readonly #storage: CheckpointStorage;
  readonly #start: LifeStart;
  #intake: SnapshotIntake | undefined;
  #checkpointId = 0;

  constructor(world: JobWorld, storage: CheckpointStorage, start: LifeStart) {
    this.#world = world;
    this.#storage = storage;
    this.#start = start;
  }

  /** Until it is fenced, or dies of a storage that does not answer. */
  async run(): Promise<void> {
    try {
      await this.#live();
    } catch (error) {
      if (isFenced(error)) seen.fenced += 1;
      if (error instanceof Refusal && this.#start.mayMiss()) return;
      if (!isExpected(error)) this.#world.failures.push(error);
    }
  }

  async #live(): Promise<void> {
    const { owner, restore } = this.#start;
    const report = (event: EngineEvent) => {
      // Whatever a head names is whole, so nobody ever has to go back to an older one.
      if (event.type === 'checkpoint-unreadable') this.#world.failures.push(new Error(JSON.stringify(event)));
    };
    const store = await CheckpointStore.open({ storage: this.#storage, report }, owner);
    let from: ReadCheckpoint | undefined;
    if (restore === 'latest') from = await store.latest();
    else if (restore !== 'nothing') from = await store.read(restore);
    await store.adopt(from?.located);
    this.#checkpointId = store.newestId;
    for (;;) {
      this.#restore(store, from);
      await this.#attempt(store);
      from = (await store.lastCompleted()) ?? from;
    }
  }

  /** At another parallelism no chain is gone on with. */
  #restore(store: CheckpointStore, from: ReadCheckpoint | undefined): void {
    const intake = new SnapshotIntake({
      store: (part, named) =>
        store.pool.store(part, (chunk) => {
          this.#world.texts.set(chunk.key, new TextDecoder().decode(part.bytes));
          named(chunk);
        }),
      released: () => undefined,
      failed: () => undefined,
    });
    this.#intake = intake;
    if (from === undefined || !store.owns(from.located) || this.#world.random() < 0.2) return;
    for (const { chunks } of from.located.manifest.operators) {
      for (const chunk of chunks) {
        const part = ChainPart.stored(OPERATOR, chunk);
        intake.chains.restore(writerOf(0, Number(chunk.state.slice(-1))), part);
      }
    }
  }

  async #attempt(store: CheckpointStore): Promise<void> {
    const { random } = this.#world;
    const checkpoints = 1 + Math.floor(random() * 12);
    for (let count = 0; count < checkpoints; count += 1) {
      try {
        await this.#checkpoint(store, random() < 0.25);
      } catch (error) {
        if (isFenced(error)) throw error;
        if (!isExpected(error)) throw error;
      }
    }
    this.#intake = undefined;
  }

  async #checkpoint(store: CheckpointStore, savepoint: boolean): Promise<void> {
    this.#checkpointId += 1;
    const { owner } = this.#start;
    const intake = this.#intake ?? expect.unreachable();
    intake.retry(this.#checkpointId);
    for (let subtask = 0; subtask < WRITERS; subtask += 1) this.#hand(intake, subtask);
    for (let subtask = 0; subtask < WRITERS; subtask += 1) await intake.stored(0, subtask);
    const manifest = this.#manifest(intake, savepoint);
    const content = this.#contentOf(intake);
    if (savepoint) {
      const own = this.#world.random() < 0.8;
      const directory = own
        ? `${storageKeys.savepoints(owner.prefix)}${this.#world.name()}`
        : `else/${this.#world.name()}`;
      this.#world.expected.set(`${directory}/manifest.json`, content);
      await store.commitSavepoint(manifest, directory);
      this.#world.usable.add({ prefix: owner.prefix, directory });
      seen.savepoints += 1;
      return;
    }
    this.#world.expected.set(storageKeys.checkpoint(owner, this.#checkpointId), content);
    await store.commit(manifest);
    seen.checkpoints += 1;
    const held = () =>
      this.#intake === intake ? [...intake.held()].flatMap(({ chunk }) => chunk?.key ?? []) : undefined;
    void store.collect(held);
  }

  /** Of the few contents that there are some come again after they were deleted. */
  #hand(intake: SnapshotIntake, subtask: number): void {
    const { random } = this.#world;
    const continued = TABLES.filter(() => random() < 0.6).map((table) => ({
      operatorId: OPERATOR,
      state: `${table}${subtask}`,
    }));
    const parts = TABLES.filter(() => random() < 0.7).map((table): SnapshotPart => ({
      operatorId: OPERATOR,
      operatorName: OPERATOR,
      state: `${table}${subtask}`,
      keyGroups: KEY_GROUPS,
      distribution: 'key-groups',
      entries: 1,
      bytes: new TextEncoder().encode(`content ${Math.floor(random() * 6)}`),
    }));
    const from = { checkpointId: this.#checkpointId, vertex: 0, subtask };
    const given = random() < 0.1;
    intake.take({ ...from, parts });
    // Now and then a snapshot is given up before it was handed over.
    if (given) return;
    const phases = { startDelayMs: 0, alignmentMs: 0, syncMs: 0, asyncMs: 0 };
    intake.end({ ...from, continued, splits: [], phases });
  }

  #manifest(intake: SnapshotIntake, savepoint: boolean): Manifest {
    const chunks = [...intake.chains.all()].flatMap(({ chunk }) => chunk ?? []);
    return {
      version: MANIFEST_VERSION,
      epoch: this.#start.owner.epoch,
      application: 'life',
      graphHash: '',
      jobId: this.#start.owner.jobId,
      checkpointId: this.#checkpointId,
      savepoint,
      triggeredAt: '',
      completedAt: '',
      parallelism: WRITERS,
      maxParallelism: WRITERS,
      operators: [{ id: OPERATOR, name: OPERATOR, kind: 'process', parallelism: WRITERS, state: [], chunks }],
      splits: [],
    };
  }

  /** What is in the chains, by what was handed over and not by what lies in the storage. */
  #contentOf(intake: SnapshotIntake): readonly string[] {
    return [...intake.chains.all()].map(
      ({ state, chunk }) => `${state}: ${this.#world.texts.get(chunk?.key ?? '') ?? 'nothing'}`,
    );
  }
}
