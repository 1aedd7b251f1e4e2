import type { CheckpointView } from '../job-status.ts';
import type { Acknowledgement } from '../slot-protocol.ts';
import type { Split } from '../../connectors/connector.ts';
import type { CheckpointRequest } from './checkpoint-request.ts';
import type { ManifestChunk } from './manifest.ts';

/** A vertex as a checkpoint sees it. */
export interface CheckpointVertex {
  readonly id: string;
  /** Operator id of its source, where its head is one. */
  readonly head: string;
  readonly parallelism: number;
}

/** A checkpoint whose acknowledgements are coming in. */
export class PendingCheckpoint {
  readonly id: number;
  readonly request: CheckpointRequest;
  readonly triggeredAtMs: number;
  readonly chunks = new Map<string, ManifestChunk[]>();
  readonly splits: { readonly operatorId: string; readonly split: Split }[] = [];
  writtenBytes = 0;
  readonly #vertices: readonly CheckpointVertex[];
  readonly #acknowledged = new Map<
    string,
    { acknowledged: number; subtasks: number; stateBytes: number; latestAckAtMs?: number }
  >();
  readonly #seen = new Set<string>();
  #latestAckAtMs: number | undefined;

  constructor(
    id: number,
    request: CheckpointRequest,
    triggeredAtMs: number,
    vertices: readonly CheckpointVertex[],
  ) {
    this.id = id;
    this.request = request;
    this.triggeredAtMs = triggeredAtMs;
    this.#vertices = vertices;
    for (const vertex of vertices)
      this.#acknowledged.set(vertex.id, { acknowledged: 0, subtasks: vertex.parallelism, stateBytes: 0 });
  }

  /** Notes an acknowledgement whose chunks are durable; true when it was the last. */
  acknowledge(
    { vertex: index, subtask, splits }: Acknowledgement,
    chunks: ReadonlyMap<string, readonly ManifestChunk[]>,
    now: number,
  ): boolean {
    const vertex = this.#vertices[index];
    const progress = vertex && this.#acknowledged.get(vertex.id);
    if (vertex === undefined || progress === undefined || this.#seen.has(`${index}:${subtask}`)) return false;
    this.#seen.add(`${index}:${subtask}`);
    this.#latestAckAtMs = now;
    progress.acknowledged += 1;
    progress.latestAckAtMs = now;
    for (const split of splits) this.splits.push({ operatorId: vertex.head, split });
    for (const [operatorId, made] of chunks) {
      const all = this.chunks.get(operatorId) ?? [];
      all.push(...made);
      this.chunks.set(operatorId, all);
      for (const { bytes } of made) progress.stateBytes += bytes;
    }
    return this.#seen.size === this.subtasks;
  }

  get subtasks(): number {
    return this.#vertices.reduce((sum, { parallelism }) => sum + parallelism, 0);
  }

  /** The checkpoint as it stands, or as it ended. */
  view(now: number, end: { readonly manifest?: string; readonly failure?: string } = {}): CheckpointView {
    const { directory, after } = this.request;
    const ended = end.manifest !== undefined || end.failure !== undefined;
    const progress = [...this.#acknowledged.values()];
    return {
      id: this.id,
      status: end.failure === undefined ? (ended ? 'completed' : 'in-progress') : 'failed',
      savepoint: directory !== undefined,
      stop: after !== 'continue',
      triggeredAtMs: this.triggeredAtMs,
      ...(this.#latestAckAtMs === undefined ? {} : { latestAckAtMs: this.#latestAckAtMs }),
      ...(ended ? { endedAtMs: now } : {}),
      durationMs: now - this.triggeredAtMs,
      writtenBytes: this.writtenBytes,
      stateBytes: progress.reduce((sum, { stateBytes }) => sum + stateBytes, 0),
      subtasks: this.subtasks,
      acknowledged: this.#seen.size,
      ...end,
      vertices: Object.fromEntries([...this.#acknowledged].map(([id, vertex]) => [id, { ...vertex }])),
    };
  }
}
