/** Everything outside of the control plane, in memory and on a clock of its own. */
import './silence.ts';
import { ulid } from '#contract/id.ts';
import { bucketKeys } from '#contract/names.ts';
import type { Operation } from '#contract/resources/operation.ts';
import type { TaskLaunch } from '#functions/steps/tasks.ts';
import { Actor } from './actor.ts';
import type { Ending } from './actor.ts';
import type { Bug } from './bugs.ts';
import { Execution } from './execution.ts';
import { Judge } from './judge.ts';
import { MemoryBucket } from './memory-bucket.ts';
import { MemoryTable } from './memory-table.ts';
import { platformOf } from './platform-of.ts';
import type { ModelPlatform } from './platform-of.ts';
import { Worker } from './worker.ts';
import type { State } from './worker.ts';

/** `head.json` as a worker reads it. */
export interface Head {
  readonly epoch: number;
  readonly jobId: string;
  readonly checkpoint?: { readonly id: number; readonly manifest: string };
}

/** A task's end that the bus has yet to tell. */
export interface TaskEvent {
  readonly detail: object;
  readonly arn: string;
  tries: number;
}

const BEGIN_MS = Date.UTC(2026, 10, 21, 12);
const ROOT = 's3://state/';
/** Of a function that runs steps or events. */
const LAMBDA_MS = 45_000;

export class World {
  nowMs = BEGIN_MS;
  faultsLeft = 0;
  table = new MemoryTable();
  bucket: MemoryBucket;
  readonly workers = new Map<string, Worker>();
  /** By client token: the same one never starts a second task. */
  readonly tokens = new Map<string, string>();
  readonly executions = new Map<string, Execution>();
  events: TaskEvent[] = [];
  actors: Actor[] = [];
  readonly judge: Judge;
  bug: Bug | undefined;
  #ids = BEGIN_MS;
  #say: ((line: string) => void) | undefined;

  constructor(say?: (line: string) => void) {
    this.#say = say;
    this.bucket = new MemoryBucket(() => new Date(this.nowMs));
    this.judge = new Judge(this);
    this.table.watch = (changes) => this.judge.written(changes);
  }

  /** The same world, in which nothing is under way, to go on with in another way. */
  copy(say?: (line: string) => void): World {
    const copy = new World(say);
    copy.nowMs = this.nowMs;
    copy.#ids = this.#ids;
    copy.table = this.table.copy();
    copy.table.watch = (changes) => copy.judge.written(changes);
    copy.bucket = this.bucket.copy(() => new Date(copy.nowMs));
    for (const [arn, worker] of this.workers) copy.workers.set(arn, worker.copy(copy));
    for (const [token, arn] of this.tokens) copy.tokens.set(token, arn);
    for (const [id, execution] of this.executions) copy.executions.set(id, execution.copy(copy));
    copy.events = this.events.map((event) => ({ ...event }));
    copy.judge.adopt(this.judge);
    return copy;
  }

  say(line: () => string): void {
    this.#say?.(`${((this.nowMs - BEGIN_MS) / 1000).toFixed(1).padStart(8)} s  ${line()}`);
  }

  now(): Date {
    return new Date(this.nowMs);
  }

  newId(): string {
    this.#ids += 1;
    return ulid(this.#ids, new Uint8Array(16));
  }

  /** Moves the clock on; functions that have run for too long by then are killed. */
  advanceTo(nowMs: number): void {
    this.nowMs = Math.max(this.nowMs, nowMs);
    for (const actor of this.actors)
      if (actor.deadlineMs <= this.nowMs) {
        this.say(() => `${actor.name} is killed at its time limit`);
        this.kill(actor);
      }
  }

  /** Begins a run of a function of the control plane. */
  spawn(
    name: string,
    run: (platform: ModelPlatform) => Promise<unknown>,
    ended: (ending: Ending) => void,
  ): Actor {
    const actor = new Actor(name, this.nowMs + LAMBDA_MS, ended);
    this.actors.push(actor);
    this.say(() => `${name} begins`);
    void this.#follow(actor, run);
    return actor;
  }

  async #follow(actor: Actor, run: (platform: ModelPlatform) => Promise<unknown>): Promise<void> {
    const platform = platformOf(this, actor);
    let ending: Ending;
    try {
      const value = await run(this.bug === undefined ? platform : this.bug.plant(platform, this));
      // Between the end of a function and whoever hears of it lies a network too.
      await actor.call({ label: 'answers', kind: 'write', perform: () => undefined });
      ending = { kind: 'answered', value };
    } catch (error) {
      ending = { kind: 'threw', error };
    }
    this.actors = this.actors.filter((one) => one !== actor);
    this.say(() => `${actor.name} ${endingText(ending)}`);
    actor.end(ending);
  }

  kill(actor: Actor, after?: Actor['gates'][number]): void {
    this.actors = this.actors.filter((one) => one !== actor);
    actor.die(after);
  }

  startExecution(operation: Operation): void {
    if (this.executions.has(operation.id)) return;
    this.executions.set(operation.id, new Execution(this, operation.id, operation.namespace, operation.kind));
  }

  runTask(launch: TaskLaunch): string {
    const known = this.tokens.get(launch.clientToken);
    if (known !== undefined) return known;
    const arn = `task-${this.workers.size + 1}`;
    this.tokens.set(launch.clientToken, arn);
    this.workers.set(arn, new Worker(this, arn, launch));
    return arn;
  }

  head(deploymentId: string): Head | undefined {
    const found = this.bucket.get(headKey(deploymentId));
    // Written by fence.ts and by the workers here, in this form.
    return found === undefined ? undefined : (JSON.parse(found.text) as Head);
  }

  putHead(deploymentId: string, head: Head): void {
    this.bucket.put(headKey(deploymentId), JSON.stringify(head));
  }

  keyOf(location: string): string {
    return location.startsWith(ROOT) ? location.slice(ROOT.length) : location;
  }

  committed(worker: Worker, position: number): void {
    this.judge.committed(worker, position);
  }

  restored(worker: Worker, state: State | undefined): void {
    this.judge.restored(worker, state);
  }

  stopped(worker: Worker): void {
    this.say(() => `${worker.arn} has stopped with ${worker.exitCode}`);
    const containers = [{ name: 'worker', exitCode: worker.exitCode ?? undefined }];
    const { startedBy } = worker.launch;
    this.events.push({
      arn: worker.arn,
      tries: 0,
      detail: { taskArn: worker.arn, startedBy, lastStatus: 'STOPPED', containers },
    });
  }
}

function headKey(deploymentId: string): string {
  return `${bucketKeys.checkpoints(deploymentId)}/head.json`;
}

function endingText(ending: Ending): string {
  if (ending.kind === 'died') return 'died';
  if (ending.kind === 'threw') return `threw ${String(ending.error).slice(0, 200)}`;
  return `answered ${JSON.stringify(ending.value)?.slice(0, 120)}`;
}
