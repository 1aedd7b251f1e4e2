import type { JobOptions, Restore } from '#engine/runtime/job-options.ts';
import type { Dice } from '../../pipelines/dice.ts';
import type { AuditedStore } from './audited-store.ts';
import { FAIR } from './connection.ts';
import type { Deployment, Run } from './deployment.ts';
import type { World } from './world.ts';

/** What a deployment lives through. */
export interface LifeOptions {
  readonly world: World;
  readonly store: AuditedStore;
  readonly dice: Dice;
  readonly deployment: Deployment;
  /** Things that befall it; then it is left in peace until its job is done. */
  readonly events: number;
  readonly restore: Restore;
  /** Savepoints that jobs of any deployment began from: the platform keeps them while those have no own checkpoint. */
  readonly begunFrom: Set<string>;
  /** Whether somebody may want an older state back: what is outside must bear that. */
  readonly rollsBack: boolean;
  /** A savepoint that may be forked. */
  saved(directory: string): void;
}

/** What comes next: this run, another attempt of its job, or a new job. */
type Outcome = 'goes on' | 'finished' | 'resumes' | { readonly begins: Restore };

/** A run that takes longer in peace is started again with more patience. */
const PEACE_MS = 1000;
/** In peace nothing may time out; what takes its time then takes it for ever. */
const PATIENT = { checkpointTimeoutMs: 5000 };

/** Leads a deployment through its life, from its first job to the one that finishes. */
export class Life {
  readonly #options: LifeOptions;
  readonly #savepoints: string[] = [];
  #names = 0;
  #left: number;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.#left = options.events;
  }

  async live(): Promise<void> {
    const { deployment, world, dice, restore } = this.#options;
    let run = await this.#begin(restore);
    for (;;) {
      const next = await this.#follow(run);
      if (next === 'finished') return;
      await world.sleep(dice.whole(0, 20));
      const options = this.#left > 0 ? {} : PATIENT;
      run = await (next === 'resumes' ? deployment.resume(options) : this.#begin(next.begins, options));
    }
  }

  #begin(restore: Restore, options: Partial<JobOptions> = {}): Promise<Run> {
    const { deployment, begunFrom } = this.#options;
    if (restore.kind === 'manifest') begunFrom.add(restore.location);
    return deployment.begin(restore, options);
  }

  /** Until the run is over. */
  async #follow(run: Run): Promise<Exclude<Outcome, 'goes on'>> {
    const { world, dice, deployment } = this.#options;
    while (this.#left > 0) {
      await Promise.race([run.job.ended, world.sleep(dice.whole(5, 60))]);
      if (run.end !== undefined) return afterEnd(run);
      this.#left -= 1;
      const outcome = await this.#befall(run);
      if (outcome !== 'goes on') return outcome;
    }
    Object.assign(deployment.weather, FAIR);
    await Promise.race([run.job.ended, world.sleep(PEACE_MS)]);
    // One with little patience may give up its checkpoints for ever.
    if (run.end === undefined && !run.patient) return this.#crash(run);
    await run.job.ended;
    return afterEnd(run);
  }

  #befall(run: Run): Promise<Outcome> {
    const events = [
      () => Promise.resolve(this.#crash(run)),
      () => Promise.resolve(this.#crash(run)),
      () => this.#replaceFrozen(run),
      () => this.#pause(run),
      () => this.#storm(),
      () => this.#storm(),
      () => this.#savepoint(run),
      () => this.#savepoint(run),
      () => this.#stop(run),
      () => this.#rollBack(run),
      () => this.#dispose(),
      () => this.#checkpoint(run),
      () => this.#rescale(run),
    ];
    return this.#options.dice.pick(events)();
  }

  #crash({ process }: Run): 'resumes' {
    this.#options.world.trace(() => `${process.name} dies`);
    process.kill();
    return 'resumes';
  }

  /** It stands still, is taken for dead, and goes on when another has its place. */
  async #replaceFrozen({ process }: Run): Promise<Outcome> {
    const { world, dice } = this.#options;
    world.trace(() => `${process.name} freezes and is replaced`);
    process.freeze();
    world.schedule(dice.whole(0, 120), () => {
      world.trace(() => `${process.name} thaws, a zombie`);
      process.thaw();
    });
    await world.sleep(dice.whole(0, 30));
    return 'resumes';
  }

  async #pause({ process }: Run): Promise<Outcome> {
    const { world, dice } = this.#options;
    world.trace(() => `${process.name} pauses`);
    process.freeze();
    await world.sleep(dice.whole(1, 80));
    process.thaw();
    return 'goes on';
  }

  #storm(): Promise<Outcome> {
    const { world, dice, deployment } = this.#options;
    const weather = { refused: dice.next() / 2, lost: dice.next() / 3, slow: dice.next() / 3 };
    world.trace(() => `storage of ${deployment.prefix} gets bad: ${JSON.stringify(weather)}`);
    Object.assign(deployment.weather, weather);
    world.schedule(dice.whole(5, 150), () => Object.assign(deployment.weather, FAIR));
    return Promise.resolve('goes on');
  }

  /** Of its own accord it comes to an end some time; nobody waits for it. */
  #savepoint(run: Run): Promise<Outcome> {
    void this.#take(run, false).then((directory) => {
      if (directory !== undefined) return this.#keep(directory);
    });
    return Promise.resolve('goes on');
  }

  async #stop(run: Run): Promise<Outcome> {
    const directory = await this.#take(run, true);
    if (directory === undefined) return run.end === undefined ? 'goes on' : afterEnd(run);
    await this.#keep(directory);
    await run.job.ended;
    return { begins: { kind: 'manifest', location: directory } };
  }

  /** Somebody wants an older state back. */
  async #rollBack(run: Run): Promise<Outcome> {
    const [location] = this.#savepoints;
    if (location === undefined || !this.#options.rollsBack) return 'goes on';
    this.#options.world.trace(() => `${run.process.name} is cancelled to go back to ${location}`);
    await run.job.cancel();
    return { begins: { kind: 'manifest', location } };
  }

  async #dispose(): Promise<Outcome> {
    const { store, world, begunFrom } = this.#options;
    // The newest may be what somebody is about to begin from.
    const index = this.#savepoints.slice(0, -1).findIndex((taken) => !begunFrom.has(taken));
    const [directory] = index < 0 ? [] : this.#savepoints.splice(index, 1);
    if (directory === undefined) return 'goes on';
    world.trace(() => `${directory} is disposed of`);
    const keys: string[] = [];
    for await (const key of store.list(`${directory}/`)) keys.push(key);
    await store.delete(keys);
    return 'goes on';
  }

  #checkpoint(run: Run): Promise<Outcome> {
    run.job.triggerCheckpoint();
    return Promise.resolve('goes on');
  }

  /** Beside the life of the job; that it fails on the way is no harm. */
  #rescale(run: Run): Promise<Outcome> {
    const { world, dice, deployment } = this.#options;
    const parallelism = dice.whole(1, 4);
    world.trace(() => `${run.process.name} is asked for parallelism ${parallelism}`);
    run.job.rescale(parallelism).then(
      () => (deployment.tally.rescales += 1),
      (error: unknown) => world.trace(() => `${run.process.name} does not rescale: ${String(error)}`),
    );
    return Promise.resolve('goes on');
  }

  /** The directory of a savepoint; undefined where it failed, or where its process is gone. */
  async #take(run: Run, stop: boolean): Promise<string | undefined> {
    const { world, deployment } = this.#options;
    const directory = `${deployment.prefix}/savepoints/sp-${(this.#names += 1)}`;
    world.trace(() => `${run.process.name} is asked for savepoint ${directory}${stop ? ' and to stop' : ''}`);
    run.job.savepoint({ directory, stop, triggerId: directory });
    for (let waited = 0; waited < 1000 && !run.process.dead; waited += 3) {
      const status = run.job.savepointStatus(directory);
      if (status?.status === 'completed') return directory;
      if (status?.status === 'failed') return undefined;
      await world.sleep(3);
    }
    return undefined;
  }

  async #keep(directory: string): Promise<void> {
    await this.#options.store.counts(directory);
    this.#savepoints.push(directory);
    this.#options.saved(directory);
  }
}

/** A job that failed is started again; that it was refused is told by its deployment. */
function afterEnd({ end }: Run): 'finished' | 'resumes' {
  return end?.state === 'FINISHED' ? 'finished' : 'resumes';
}
