import type { Restore } from '#engine/runtime/job-options.ts';
import type { Dice } from '../../pipelines/dice.ts';
import { pipelines, pipelineNamed } from '../../pipelines/pipelines.ts';
import type { Pipeline } from '../../pipelines/pipeline.ts';
import { readingsOf, type Feed } from '../../pipelines/reading.ts';
import { AuditedStore } from './audited-store.ts';
import { Deployment, type Tally } from './deployment.ts';
import { wrongEntries, wrongRows } from '../../pipelines/compare.ts';
import { Ledger } from './ledger.ts';
import { Life } from './life.ts';
import { Table } from './table.ts';
import { World } from './world.ts';

/** How one seed came out. */
export interface Simulated {
  readonly seed: number;
  readonly pipeline: string;
  /** Empty when everything is as it must be. */
  readonly violations: readonly string[];
  readonly tally: Tally;
  readonly forks: number;
  readonly simulatedMs: number;
}

/** By then every job must have come to its end; nothing that befalls it takes a tenth of that. */
const LIMIT_MS = 20_000;

/** Lives through one seed. `say` hears its story. */
export async function simulate(seed: number, say?: (line: string) => void): Promise<Simulated> {
  const world = new World(seed, say);
  const { dice } = world;
  const pipeline = pipelineNamed(dice.pick(Object.keys(pipelines)), dice.split());
  const feed: Feed = { seed, splits: dice.whole(1, 4), count: dice.whole(20, 80), keys: dice.whole(1, 25) };
  world.trace(() => `seed ${seed}: ${pipeline.name}, ${JSON.stringify(feed)}`);
  const run = new SimulatedRun(world, pipeline, feed);
  const startedAt = world.now();
  const done = run.start();
  if (!(await world.runUntil(() => done.length === 0, LIMIT_MS)))
    world.violated(`no end within ${LIMIT_MS} ms of simulated time`);
  run.compare();
  return {
    seed,
    pipeline: pipeline.name,
    violations: world.violations,
    tally: run.tally,
    forks: run.forks,
    simulatedMs: world.now() - startedAt,
  };
}

/** The deployment of a seed with all its forks. */
class SimulatedRun {
  forks = 0;
  readonly #world: World;
  readonly #store: AuditedStore;
  readonly #pipeline: Pipeline;
  readonly #feed: Feed;
  readonly #dice: Dice;
  readonly #deployments: Deployment[] = [];
  readonly #begunFrom = new Set<string>();
  readonly #places: { readonly prefix: string; readonly outside: Table | Ledger }[] = [];
  readonly #living: Promise<void>[] = [];

  constructor(world: World, pipeline: Pipeline, feed: Feed) {
    this.#world = world;
    this.#store = new AuditedStore(world);
    this.#pipeline = pipeline;
    this.#feed = feed;
    this.#dice = world.dice.split();
  }

  /** The lives that are not over; the list gets shorter by itself. */
  start(): readonly Promise<void>[] {
    const outside = this.#dice.chance(0.5) ? new Table(this.#world) : new Ledger(this.#world);
    this.#begin('d', outside, { kind: 'none' }, this.#dice.whole(1, 6));
    return this.#living;
  }

  get tally(): Tally {
    const sum = (of: keyof Tally) => this.#deployments.reduce((all, { tally }) => all + tally[of], 0);
    return {
      processes: sum('processes'),
      checkpoints: sum('checkpoints'),
      failedCheckpoints: sum('failedCheckpoints'),
      restores: sum('restores'),
      restarts: sum('restarts'),
      rescales: sum('rescales'),
      fenced: sum('fenced'),
    };
  }

  /** What is outside must be what the oracle says, row by row. */
  compare(): void {
    if (this.#world.violations.length > 0) return;
    const expected = this.#pipeline.expected(readingsOf(this.#feed));
    for (const { prefix, outside } of this.#places) {
      const wrong =
        outside instanceof Table
          ? wrongRows(outside.rows, expected)
          : wrongEntries(outside.rows, expected, this.#pipeline.running === true);
      for (const each of wrong) this.#world.violated(`outside of "${prefix}" ${each}`);
    }
  }

  #begin(prefix: string, outside: Table | Ledger, restore: Restore, events: number): void {
    const [world, store, dice] = [this.#world, this.#store, this.#dice.split()];
    const readings = this.#feed.splits * this.#feed.count;
    const failsAt = new Set(
      Array.from({ length: dice.whole(0, 2) }, () => dice.whole(1, Math.ceil(1.5 * readings))),
    );
    const deployment = new Deployment({
      world,
      store,
      dice: dice.split(),
      pipeline: this.#pipeline,
      feed: this.#feed,
      prefix,
      outside,
      failsAt,
    });
    this.#deployments.push(deployment);
    this.#places.push({ prefix, outside });
    const saved = (directory: string) => {
      if (outside instanceof Table && this.forks < 2 && dice.chance(0.3)) this.#fork(directory, outside);
    };
    const rollsBack = outside instanceof Table;
    const life = new Life({
      world,
      store,
      dice: dice.split(),
      deployment,
      events,
      restore,
      begunFrom: this.#begunFrom,
      rollsBack,
      saved,
    });
    const living = life.live().catch((error: unknown) => {
      world.violated(`"${prefix}": ${error instanceof Error ? error.stack : String(error)}`);
    });
    this.#living.push(living);
    void living.then(() => this.#living.splice(this.#living.indexOf(living), 1));
  }

  /** Another deployment goes on from a savepoint, with a table as it was then. */
  #fork(directory: string, table: Table): void {
    this.forks += 1;
    const prefix = `fork-${this.forks}`;
    this.#begin(prefix, table.copy(), { kind: 'manifest', location: directory }, this.#dice.whole(0, 2));
  }
}
