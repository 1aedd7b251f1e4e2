import { FencedError, isFenced, type CheckpointStorage } from '../../host.ts';
import { decodeJson, encodeJson } from './json-object.ts';
import { storageKeys } from './storage-keys.ts';

/** A completed checkpoint. */
export interface NamedCheckpoint {
  readonly id: number;
  /** Key of its manifest. */
  readonly manifest: string;
}

/** The checkpoint that a deployment would start from now. */
export interface HeadCheckpoint extends NamedCheckpoint {
  /** Older ones that are kept to fall back on, newest first; a head of version 1 does not say. */
  readonly retained?: readonly NamedCheckpoint[];
}

/** The content of `head.json`. */
export interface HeadContent {
  readonly epoch: number;
  readonly jobId: string;
  readonly checkpoint?: HeadCheckpoint;
}

/** Whose head it is, and where it lies. */
export interface HeadOwner {
  readonly prefix: string;
  readonly epoch: number;
  readonly jobId: string;
}

/**
 * The one object of a deployment that says which checkpoint counts, and the fence around it.
 *
 * Contract: the control plane writes a higher epoch into it before it starts a job. Every commit is a write on
 * condition that nobody wrote since this job read, so a job that was replaced without knowing it can finish
 * nothing.
 */
export class Head {
  readonly #storage: CheckpointStorage;
  readonly #owner: HeadOwner;
  #etag: string;
  #checkpoint: HeadCheckpoint | undefined;

  private constructor(
    storage: CheckpointStorage,
    owner: HeadOwner,
    found: { etag: string; checkpoint: HeadCheckpoint | undefined },
  ) {
    this.#storage = storage;
    this.#owner = owner;
    this.#etag = found.etag;
    this.#checkpoint = found.checkpoint;
  }

  /**
   * Throws a `FencedError` when the head carries another epoch. Without a head there was no job: the first one
   * makes it.
   */
  static async open(storage: CheckpointStorage, owner: HeadOwner): Promise<Head> {
    const key = storageKeys.head(owner.prefix);
    const found = await storage.get(key);
    if (found === undefined) {
      const { etag } = await storage.put(key, encodeJson({ epoch: owner.epoch, jobId: owner.jobId }), {
        ifNoneMatch: '*',
      });
      return new Head(storage, owner, { etag, checkpoint: undefined });
    }
    const content = parseHead(key, found.bytes);
    if (content.epoch !== owner.epoch) throw fencedBy(owner, content.epoch);
    return new Head(storage, owner, { etag: found.etag, checkpoint: content.checkpoint });
  }

  get checkpoint(): HeadCheckpoint | undefined {
    return this.#checkpoint;
  }

  /**
   * Throws a `FencedError` when this job does not own the deployment any more. Whatever was seen before in the storage
   * was the present state of a deployment that this job owned.
   */
  async verify(): Promise<void> {
    const key = storageKeys.head(this.#owner.prefix);
    const found = await this.#storage.get(key);
    if (found === undefined) throw new FencedError(`Job ${this.#owner.jobId} is fenced: "${key}" is gone`);
    const { epoch } = parseHead(key, found.bytes);
    if (epoch !== this.#owner.epoch) throw fencedBy(this.#owner, epoch);
  }

  /**
   * Makes `checkpoint` the one that counts. Throws a `FencedError`, having changed nothing, when the deployment
   * has a newer epoch.
   */
  async commit(checkpoint: HeadCheckpoint): Promise<void> {
    const { epoch, jobId } = this.#owner;
    const bytes = encodeJson({ epoch, jobId, checkpoint } satisfies HeadContent);
    try {
      const { etag } = await this.#storage.put(storageKeys.head(this.#owner.prefix), bytes, {
        ifMatch: this.#etag,
      });
      this.#etag = etag;
    } catch (error) {
      if (!isFenced(error)) throw error;
      this.#etag = await this.#settle(checkpoint, bytes);
    }
    this.#checkpoint = checkpoint;
  }

  /**
   * A refused write has two reasons: somebody else owns the deployment, or our own write of before succeeded
   * and only its answer was lost, so that a retry found our own object. Only a look tells.
   */
  async #settle(checkpoint: HeadCheckpoint, bytes: Uint8Array): Promise<string> {
    const key = storageKeys.head(this.#owner.prefix);
    const found = await this.#storage.get(key);
    if (found === undefined)
      throw new FencedError(`Cannot commit checkpoint ${checkpoint.id}: "${key}" is gone`);
    const content = parseHead(key, found.bytes);
    if (content.epoch !== this.#owner.epoch) throw fencedBy(this.#owner, content.epoch);
    if (content.checkpoint?.manifest === checkpoint.manifest) return found.etag;
    const { etag } = await this.#storage.put(key, bytes, { ifMatch: found.etag });
    return etag;
  }
}

/**
 * True while the deployment is this job's. What lies beside its checkpoints is under no condition of the storage, so who
 * writes there looks first.
 */
export async function ownsDeployment(
  storage: Pick<CheckpointStorage, 'get'>,
  { prefix, epoch }: Pick<HeadOwner, 'prefix' | 'epoch'>,
): Promise<boolean> {
  const key = storageKeys.head(prefix);
  const found = await storage.get(key);
  return found === undefined || parseHead(key, found.bytes).epoch === epoch;
}

function fencedBy({ epoch, jobId }: HeadOwner, found: number): FencedError {
  return new FencedError(`Job ${jobId} of epoch ${epoch} is fenced: its deployment has epoch ${found} now`);
}

/** Throws an `Error` for anything that no job and no control plane writes. */
export function parseHead(key: string, bytes: Uint8Array): HeadContent {
  const { epoch, jobId, checkpoint } = decodeJson(key, bytes);
  if (typeof epoch !== 'number' || typeof jobId !== 'string')
    throw new Error(`Cannot read "${key}": it has no epoch or no jobId`);
  if (checkpoint === undefined || checkpoint === null) return { epoch, jobId };
  // The fields are looked at one by one behind the cast.
  const { retained } = checkpoint as Partial<HeadCheckpoint>;
  const older = retained === undefined ? {} : { retained: retained.map((named) => parseNamed(key, named)) };
  return { epoch, jobId, checkpoint: { ...parseNamed(key, checkpoint), ...older } };
}

function parseNamed(key: string, checkpoint: unknown): NamedCheckpoint {
  const { id, manifest } = checkpoint as Partial<NamedCheckpoint>;
  if (typeof id !== 'number' || typeof manifest !== 'string')
    throw new Error(`Cannot read "${key}": its checkpoint has no id or no manifest`);
  return { id, manifest };
}
