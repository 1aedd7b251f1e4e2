/** What must hold after every action: looked at in each transaction, each commit of a worker and each restore. */
import type { Deployment } from '#contract/resources/deployment.ts';
import { endedJobStates } from '#contract/resources/job.ts';
import type { OperationKind } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Event } from '#contract/resources/event.ts';
import type { StoredJob } from '#functions/stores/jobs.ts';
import type { StoredOperation } from '#functions/stores/operations.ts';
import { REQUEST } from './caller.ts';
import type { Change, Item } from './memory-table.ts';
import type { State, Worker } from './worker.ts';
import type { World } from './world.ts';

const hasEnded = ({ state }: StoredOperation): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled';
/** Kinds whose new job goes on from the state of this moment. */
const goesOn: ReadonlySet<OperationKind> = new Set([
  'start',
  'recover',
  'upgrade',
  'restart',
  'migrate',
  'rescale',
]);

export class Judge {
  readonly violations: string[] = [];
  /** How often something was written so far. */
  transactions = 0;
  /** Idempotency key → operation that its caller was told of. */
  readonly acknowledged = new Map<string, string>();
  /** Deployment → how far what it did has reached the outside, and cannot be undone. */
  readonly published = new Map<string, number>();
  readonly #epochs = new Map<string, number>();
  /** Request → operation that it began, whether or not its caller was told. */
  readonly #begunBy = new Map<string, string>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  adopt(other: Judge): void {
    for (const [key, id] of other.acknowledged) this.acknowledged.set(key, id);
    for (const [id, position] of other.published) this.published.set(id, position);
    for (const [id, epoch] of other.#epochs) this.#epochs.set(id, epoch);
  }

  violated(what: string): void {
    this.violations.push(what);
    this.#world.say(() => `VIOLATION ${what}`);
  }

  /** A caller was told that its request began an operation. */
  told(key: string, operationId: string): void {
    const before = this.acknowledged.get(key);
    if (before !== undefined && before !== operationId)
      this.violated(`idempotency: key ${key} began ${before} and ${operationId}`);
    this.acknowledged.set(key, operationId);
    if (this.operation(operationId) === undefined)
      this.violated(`idempotency: operation ${operationId} was told and is not there`);
  }

  operation(id: string): StoredOperation | undefined {
    const found = this.#world.table.find(`operation#${id}`, 'operation');
    // The store writes its schema's type and nothing else; the same below.
    return found as StoredOperation | undefined;
  }

  /** All items of a kind, by the begin of their sort key. */
  items(prefix: string): Item[] {
    return [...this.#world.table.all()].filter((item) => String(item['sk']).startsWith(prefix));
  }

  written(changes: readonly Change[]): void {
    this.transactions += 1;
    const events = changes.flatMap(({ before, after }) =>
      before === undefined && kindOf(after) === 'event' ? [after as unknown as Event] : [],
    );
    for (const change of changes) {
      const kind = kindOf(change.after ?? change.before);
      if (kind === 'deployment') this.#deployment(change as unknown as Pair<Deployment>, events);
      if (kind === 'job') this.#job(change as unknown as Pair<StoredJob>);
      if (kind === 'operation') this.#operation(change as unknown as Pair<StoredOperation>, events);
      if (kind === 'savepoint') this.#savepoint(change as unknown as Pair<Savepoint>);
    }
  }

  #deployment({ before, after }: Pair<Deployment>, events: readonly Event[]): void {
    if (after === undefined) return;
    const { state, operationId, jobNumber } = after.status;
    if (before !== undefined && after.revision !== before.revision + 1)
      this.violated(`revisions: deployment went from ${before.revision} to ${after.revision}`);
    if ((jobNumber ?? 0) < (before?.status.jobNumber ?? 0))
      this.violated(`revisions: job number fell to ${jobNumber}`);
    if (state === 'transitioning' && operationId === null)
      this.violated('stuck: a deployment is transitioning without an operation');
    if (before !== undefined && before.status.state !== state) this.#transition(after, events);
    this.#operationChange(before, after);
  }

  #transition(after: Deployment, events: readonly Event[]): void {
    const { state } = after.status;
    const isTold = events.some(({ name, after: told }) =>
      state === 'transitioning' ? name === 'operation-accepted' : name === 'state-changed' && told === state,
    );
    if (!isTold) this.violated(`events: nothing tells that a deployment became ${state}`);
    if (state !== 'suspended' && state !== 'cancelled') return;
    const head = this.#world.head(after.id);
    for (const worker of this.#world.workers.values())
      if (worker.deploymentId === after.id && worker.isLive && worker.epoch === head?.epoch)
        this.violated(`rest: a deployment became ${state} while ${worker.arn} may commit`);
  }

  #operationChange(before: Deployment | undefined, after: Deployment): void {
    const [was, is] = [before?.status.operationId ?? null, after.status.operationId];
    if (was === is) return;
    const left = was === null ? undefined : this.operation(was);
    if (left !== undefined && !hasEnded(left))
      this.violated(`lost: deployment let go of ${left.kind}, which is ${left.state}`);
    const taken = is === null ? undefined : this.operation(is);
    if (is !== null && (taken === undefined || hasEnded(taken)))
      this.violated(`lost: deployment took up an operation that is ${taken?.state ?? 'not there'}`);
  }

  #job({ before, after }: Pair<StoredJob>): void {
    if (after === undefined) return;
    if (before !== undefined && endedJobStates.includes(before.state) && before.state !== after.state)
      this.violated(`revisions: job ${after.number} was ${before.state} and became ${after.state}`);
    const newest = after.attempts.at(-1);
    if (newest === undefined || before?.attempts.length === after.attempts.length) return;
    const highest = this.#epochs.get(after.deploymentId) ?? 0;
    if (newest.epoch <= highest)
      this.violated(
        `epochs: attempt ${newest.number} of job ${after.number} has epoch ${newest.epoch} again`,
      );
    this.#epochs.set(after.deploymentId, Math.max(highest, newest.epoch));
    const others = this.items('job#').filter(
      (item) => item['deploymentId'] === after.deploymentId && item['number'] !== after.number,
    ) as unknown as StoredJob[];
    for (const other of others)
      if (before === undefined && !endedJobStates.includes(other.state))
        this.violated(`jobs: job ${after.number} began while job ${other.number} is ${other.state}`);
  }

  #operation({ before, after }: Pair<StoredOperation>, events: readonly Event[]): void {
    if (after === undefined) return this.violated('lost: an operation was removed');
    if (before === undefined) return this.#begun(after);
    if (hasEnded(before)) this.violated(`lost: ${after.kind} was changed after it had ${before.state}`);
    if (after.revision !== before.revision + 1)
      this.violated(`revisions: ${after.kind} went from ${before.revision} to ${after.revision}`);
    if (!hasEnded(after)) return;
    if (!events.some(({ operationId, name }) => operationId === after.id && name.startsWith('operation-')))
      this.violated(`events: nothing tells that ${after.kind} has ${after.state}`);
    if (after.state === 'failed' && after.problem === null)
      this.violated(`lost: ${after.kind} failed without a problem`);
    if (after.state === 'succeeded') this.#succeeded(after);
  }

  #begun({ id, request }: StoredOperation): void {
    if (!request.description.startsWith(REQUEST)) return;
    const first = this.#begunBy.get(request.description);
    if (first !== undefined) this.violated(`idempotency: ${request.description} began ${first} and ${id}`);
    this.#begunBy.set(request.description, id);
  }

  /** An operation that took a savepoint has it, and a job that began after it has its state. */
  #succeeded({ kind, savepointId, deploymentId, id, jobId }: StoredOperation): void {
    if (kind === 'suspend' || kind === 'cancel') this.#leftBehind(kind, jobId);
    if (kind === 'suspend' || kind === 'savepoint' || kind === 'drain') {
      const found = this.#world.table.find(`deployment#${deploymentId}`, `savepoint#${savepointId}`);
      const savepoint = found as Savepoint | undefined;
      if (savepoint?.state !== 'completed')
        this.violated(`savepoints: ${kind} succeeded with a savepoint that is ${savepoint?.state}`);
    }
    if (savepointId === null || !['upgrade', 'restart', 'migrate'].includes(kind)) return;
    const job = this.items('job#').find((item) => item['claimedBy'] === id) as unknown as
      | StoredJob
      | undefined;
    const from = job?.restoredFrom;
    if (from?.kind !== 'savepoint' || from.savepointId !== savepointId)
      this.violated(`savepoints: ${kind} took ${savepointId} and began from ${JSON.stringify(from)}`);
  }

  /** Nothing of the job is left when it counts as ended; of a task that ECS has yet to see nobody can know. */
  #leftBehind(kind: OperationKind, jobId: string | null): void {
    for (const worker of this.#world.workers.values())
      if (worker.jobId === jobId && worker.status !== 'stopped' && worker.isStopping && worker.isOld)
        this.violated(`rest: ${kind} succeeded while ${worker.arn} is there`);
  }

  #savepoint({ before, after }: Pair<Savepoint>): void {
    if (before?.state === 'completed' && after?.state !== 'completed' && after?.state !== 'deleted')
      this.violated(`savepoints: ${before.id} was completed and is ${after?.state ?? 'gone'}`);
    if (after?.state === 'completed' && !this.hasManifest(after))
      this.violated(`savepoints: ${after.id} is completed and nothing lies at ${after.location}`);
  }

  hasManifest({ location }: Pick<Savepoint, 'location'>): boolean {
    return this.#world.bucket.get(`${this.#world.keyOf(location)}/manifest.json`) !== undefined;
  }

  /** A worker has made effective what it did so far. */
  committed(worker: Worker, position: number): void {
    this.published.set(worker.deploymentId, position);
    const deployment = this.items('deployment#').find(({ id }) => id === worker.deploymentId);
    const { status } = deployment as unknown as Deployment;
    if (['suspended', 'cancelled'].includes(status.state))
      this.violated(`rest: ${worker.arn} committed while the deployment is ${status.state}`);
  }

  /** A worker has read the state that it begins from. */
  restored(worker: Worker, state: State | undefined): void {
    const position = state?.position ?? 0;
    const twin = [...this.#world.workers.values()].find(
      (other) =>
        other !== worker &&
        other.isLive &&
        other.deploymentId === worker.deploymentId &&
        other.epoch === worker.epoch,
    );
    if (twin !== undefined)
      this.violated(`two jobs: ${twin.arn} and ${worker.arn} have epoch ${worker.epoch}`);
    const published = this.published.get(worker.deploymentId) ?? 0;
    if (position < published && this.#mustGoOn(worker))
      this.violated(
        `state: ${worker.arn} began at ${position} although ${published} was done; it was to go on from there`,
      );
    this.published.set(worker.deploymentId, position);
  }

  /** Whether the job was begun by something that says that no state is given up. */
  #mustGoOn(worker: Worker): boolean {
    const job = this.items('job#').find(({ id }) => id === worker.jobId) as unknown as StoredJob;
    if (worker.attempt > 1) return true;
    const operation = this.operation(job.claimedBy);
    if (operation === undefined || !goesOn.has(operation.kind)) return false;
    const strategy = operation.request.restoreStrategy ?? job.spec.restoreStrategy;
    return strategy.kind === 'latest-state';
  }
}

interface Pair<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

function kindOf(item: Item | undefined): string {
  const [kind = ''] = String(item?.['sk']).split('#');
  return String(item?.['pk']).startsWith('operations#') ? 'mark' : kind;
}
