import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bucketKeys, workerEnvironment, workerExit } from '#contract/names.ts';
import { wrongEntries, wrongRows } from '../pipelines/compare.ts';
import { Dice } from '../pipelines/dice.ts';
import type { Pipeline, Row } from '../pipelines/pipeline.ts';
import { pipelineNamed } from '../pipelines/pipelines.ts';
import { FaultProxy } from './fault-proxy.ts';
import { CLOSING_KEY, Feeder } from './feeder.ts';
import { BUCKET, type Stores } from './stores.ts';
import { hasSmallDisks, onSmallDisk, type Command } from './small-disk.ts';
import { WorkerProcess, type LogLine } from './worker.ts';

/** What all deployments of a run share. */
export interface ChaosRun {
  readonly stores: Stores;
  /** File of the worker's program. */
  readonly program: string;
  /** For the state of workers that keep it on the disk. */
  readonly directory: string;
  readonly applicationUrl: string;
  readonly applicationSha256: string;
  say(this: void, line: string): void;
}

export type SinkName = 'table' | 'files';

/** What one deployment is to go through. */
export interface Ordeal {
  readonly pipeline: string;
  readonly sink: SinkName;
  readonly seed: number;
}

/** What befell a deployment, and what must not have. */
export interface ChaosResult {
  readonly pipeline: string;
  readonly violations: readonly string[];
  readonly rows: number;
  readonly counts: Readonly<Record<string, number>>;
}

const SMALL_DISKS_KB = [4, 8, 16, 32];
const SHARDS = 2;
const KEYS = 12;
/** After the last kill, without a row that became right; a worker is up within a second or two. */
const END_MS = 90_000;
/** A thawed zombie finds out at its next commit; a request that nobody answers holds it up for half a minute. */
const ZOMBIE_MS = 90_000;

/**
 * One deployment under chaos: the supervisor that starts its workers, as the control plane does, and the one who kills
 * them are the same here.
 */
export class ChaosDeployment {
  readonly #run: ChaosRun;
  readonly #seed: number;
  readonly #sink: SinkName;
  readonly #name: string;
  readonly #dice: Dice;
  readonly #pipeline: Pipeline;
  readonly #proxy: FaultProxy;
  readonly #id = randomUUID();
  readonly #jobId = randomUUID().replaceAll('-', '');
  readonly #counts: Record<string, number> = {};
  readonly #violations: string[] = [];
  readonly #zombies: Promise<void>[] = [];
  #proxyUrl = '';
  #epoch = 0;
  #chaotic = true;
  #checkpointed: () => void = () => undefined;

  constructor(run: ChaosRun, { pipeline: name, sink, seed }: Ordeal) {
    this.#run = run;
    this.#name = name;
    this.#sink = sink;
    this.#seed = seed;
    this.#dice = new Dice(seed);
    this.#pipeline = pipelineNamed(name, new Dice(seed));
    this.#proxy = new FaultProxy(run.stores.url, this.#dice.split());
  }

  /** Lives through so many kills, then comes to its end in peace. */
  async live(kills: number): Promise<ChaosResult> {
    const { stores } = this.#run;
    await stores.createStream(this.#stream, SHARDS);
    if (this.#sink === 'table') await stores.createTable(this.#stream);
    this.#proxyUrl = await this.#proxy.listen();
    const feeder = new Feeder(stores, this.#stream, { seed: this.#seed, splits: SHARDS, keys: KEYS });
    feeder.start();
    for (let killed = 0; killed < kills; killed += 1) await this.#liveAndDie();
    this.#proxy.share = 0;
    this.#chaotic = false;
    const expected = this.#pipeline.expected(await feeder.end());
    await this.#comeToEnd(expected);
    await Promise.all(this.#zombies);
    this.#proxy.close();
    return {
      pipeline: `${this.#pipeline.name}, into ${this.#sink === 'table' ? 'a table' : 'files'}`,
      violations: this.#violations,
      rows: expected.size,
      counts: { ...this.#counts, ...this.#proxy.counts },
    };
  }

  get #stream(): string {
    return `${this.#name}-${this.#seed}`;
  }

  /** One attempt, from its start to its violent end. */
  async #liveAndDie(): Promise<void> {
    const worker = await this.#start();
    for (;;) {
      await this.#someTime(worker);
      if (worker.ending !== undefined) return this.#count('ended by itself');
      if (await this.#befall(worker)) return undefined;
    }
  }

  /** Some lives end before their first checkpoint, most end some time behind one. */
  async #someTime(worker: WorkerProcess): Promise<void> {
    const committed = new Promise<void>((resolve) => {
      this.#checkpointed = resolve;
    });
    const moment = this.#dice.chance(0.7) ? committed : delay(this.#dice.whole(200, 1500));
    await Promise.race([moment, worker.exited, delay(8000)]);
    await Promise.race([delay(this.#dice.whole(0, 400)), worker.exited]);
  }

  /** True when the worker is to be replaced. */
  async #befall(worker: WorkerProcess): Promise<boolean> {
    const drawn = this.#dice.next();
    if (drawn < 0.5) return this.#kill(worker, 'SIGKILL');
    if (drawn < 0.58) return this.#kill(worker, 'SIGTERM');
    if (drawn < 0.72) return this.#freezeForGood(worker);
    if (drawn < 0.8) return this.#freezeForAWhile(worker);
    return this.#storm();
  }

  async #kill(worker: WorkerProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<true> {
    this.#tell(signal);
    worker.signal(signal);
    // Who is asked to end takes a last checkpoint; its replacement does not wait for that.
    if (signal === 'SIGTERM' && this.#dice.chance(0.5)) this.#follow(worker);
    else await worker.exited;
    return true;
  }

  /** It stands still, is taken for dead, and goes on beside its replacement. */
  #freezeForGood(worker: WorkerProcess): Promise<true> {
    this.#tell('SIGSTOP, replaced');
    worker.signal('SIGSTOP');
    setTimeout(() => worker.signal('SIGCONT'), this.#dice.whole(200, 4000));
    this.#follow(worker);
    return Promise.resolve(true);
  }

  async #freezeForAWhile(worker: WorkerProcess): Promise<false> {
    this.#tell('SIGSTOP for a while');
    worker.signal('SIGSTOP');
    await delay(this.#dice.whole(50, 1500));
    worker.signal('SIGCONT');
    return false;
  }

  #storm(): Promise<false> {
    const share = 0.1 + this.#dice.next() / 2;
    this.#tell('storm');
    this.#proxy.share = share;
    setTimeout(
      () => {
        if (this.#chaotic) this.#proxy.share = 0.01;
      },
      this.#dice.whole(300, 2500),
    );
    return Promise.resolve(false);
  }

  /** Nobody needs it any more, and it must find that out by itself. */
  #follow(worker: WorkerProcess): void {
    const ended = Promise.race([worker.exited, delay(ZOMBIE_MS, 'lingers' as const)]).then((ending) => {
      this.#count(ending === workerExit.fenced ? 'zombies fenced' : `zombies ended: ${ending}`);
      if (ending === 'lingers') this.#violations.push(`a replaced worker still runs after ${ZOMBIE_MS} ms`);
      worker.signal('SIGKILL');
    });
    this.#zombies.push(ended);
  }

  /** The workers are left in peace; the rows must become what the oracle says. */
  async #comeToEnd(expected: ReadonlyMap<string, string>): Promise<void> {
    let worker = await this.#start();
    let deadline = Date.now() + END_MS;
    let least = Infinity;
    for (;;) {
      const wrong = await this.#differences(expected);
      if (wrong.length === 0) break;
      // A busy machine takes its time; a job that stands still has lost something.
      if (wrong.length < least) deadline = Date.now() + END_MS;
      least = Math.min(least, wrong.length);
      if (Date.now() > deadline) {
        this.#violations.push(...wrong.slice(0, 10), `${wrong.length} rows are wrong`, ...lastWords(worker));
        break;
      }
      await delay(300);
      if (worker.ending !== undefined) worker = await this.#start();
    }
    worker.signal('SIGKILL');
    await worker.exited;
  }

  /** What is not as it must be; what the closing readings gave says nothing. */
  async #differences(expected: ReadonlyMap<string, string>): Promise<readonly string[]> {
    const { stores } = this.#run;
    if (this.#sink === 'table') {
      const rows = await stores.rows(this.#stream);
      return wrongRows(new Map([...rows].filter(([id]) => !id.startsWith(CLOSING_KEY))), expected);
    }
    // Lines of a `RowType`, as the sink writes them.
    const entries = (await stores.lines(`${this.#files}/`)).map((line) => JSON.parse(line) as Row);
    const counted = entries.filter(({ id }) => !id.startsWith(CLOSING_KEY));
    return wrongEntries(counted, expected, this.#pipeline.running === true);
  }

  get #files(): string {
    return `output/${this.#stream}`;
  }

  /** As the control plane starts an attempt: a higher epoch first, then from the newest checkpoint. */
  async #start(): Promise<WorkerProcess> {
    this.#epoch += 1;
    const [epoch, jobId] = [this.#epoch, this.#jobId];
    let restore: { readonly kind: string } = { kind: 'none' };
    await this.#run.stores.swap(`${this.#prefix}/head.json`, (before) => {
      if (before !== undefined && 'checkpoint' in before) restore = { kind: 'latest-checkpoint' };
      return { ...before, epoch, jobId };
    });
    const parallelism = this.#dice.whole(1, 3);
    this.#count('attempts');
    const place = this.#place();
    const worker = new WorkerProcess(
      place.command,
      {
        ...this.#environment({ epoch, parallelism, restore: JSON.stringify(restore) }),
        ...place.environment,
      },
      (line) => this.#heard(line, epoch),
    );
    void worker.exited.then((ending) => {
      const last = worker.lines.findLast(
        (line) => line['reason'] !== undefined || /Error/.test(String(line['message'])),
      );
      if (ending !== 'SIGKILL')
        this.#run.say(`${this.#stream} epoch ${epoch} ended, ${ending}: ${textOf(last)}`);
    });
    return worker;
  }

  /**
   * Where an attempt has its state: a restore may change that. While there is chaos, some have a disk with room for next
   * to nothing.
   */
  #place(): { readonly command: Command; readonly environment: Readonly<Record<string, string>> } {
    const names = workerEnvironment;
    const directory = join(this.#run.directory, 'state', this.#stream);
    const command: Command = [process.execPath, '--disable-warning=ExperimentalWarning', this.#run.program];
    const environment = (backend: string) => {
      this.#count(backend);
      return { [names.stateBackend]: backend, [names.stateDirectory]: directory, [names.stateMemoryMb]: '1' };
    };
    if (this.#chaotic && this.#dice.chance(0.12) && hasSmallDisks()) {
      this.#count('small disks');
      const small = onSmallDisk(command, directory, this.#dice.pick(SMALL_DISKS_KB));
      return { command: small, environment: environment('disk') };
    }
    return { command, environment: environment(this.#dice.pick(['heap', 'disk'])) };
  }

  get #prefix(): string {
    return bucketKeys.checkpoints(this.#id);
  }

  #environment(attempt: { readonly epoch: number; readonly parallelism: number; readonly restore: string }) {
    const names = workerEnvironment;
    const configuration = {
      pipeline: this.#name,
      seed: this.#seed,
      stream: this.#stream,
      sink: this.#sink,
      location: `s3://${BUCKET}/${this.#files}`,
    };
    const restart = { kind: 'exponential-delay', initialDelayMs: 100, maxDelayMs: 1000 };
    return {
      AWS_ENDPOINT_URL: this.#proxyUrl,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      [names.applicationUrl]: this.#run.applicationUrl,
      [names.applicationSha256]: this.#run.applicationSha256,
      [names.jobId]: this.#jobId,
      [names.jobName]: this.#name,
      [names.epoch]: String(attempt.epoch),
      [names.configuration]: JSON.stringify(configuration),
      [names.parallelism]: String(attempt.parallelism),
      [names.checkpointIntervalMs]: '250',
      [names.bucket]: BUCKET,
      [names.prefix]: this.#prefix,
      [names.restore]: attempt.restore,
      [names.recovery]: JSON.stringify({ restart }),
      [names.restPort]: '0',
      [names.lingerMs]: '0',
    };
  }

  #heard(line: LogLine, epoch: number): void {
    const { message, level } = line;
    if (typeof message !== 'string') return;
    if (String(line['reason']).startsWith('Cannot write state')) this.#count('disk full');
    if (message === 'A checkpoint completed') {
      this.#count('checkpoints');
      if (epoch === this.#epoch) this.#checkpointed();
    }
    if (level === 'error' && epoch === this.#epoch && /Refusal|Migration/.test(String(line['error'])))
      this.#violations.push(`epoch ${epoch} was refused: ${String(line['reason'])}`);
  }

  #tell(what: string): void {
    this.#count(what);
    this.#run.say(`${this.#stream} epoch ${this.#epoch}: ${what}`);
  }

  #count(what: string): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
  }
}

function lastWords({ lines }: WorkerProcess): string[] {
  return lines.slice(-8).map((line) => JSON.stringify(line));
}

function textOf(line: LogLine | undefined): string {
  return String(line?.['reason'] ?? line?.['message'] ?? '').slice(0, 200);
}
