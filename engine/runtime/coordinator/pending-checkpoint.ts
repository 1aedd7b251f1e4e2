import type { CheckpointView, SubtaskCheckpointView, VertexCheckpointView } from '../job-status.ts';
import type { Acknowledgement } from '../slot-protocol.ts';
import type { Split } from '../../connectors/connector.ts';
import type { CheckpointRequest } from './checkpoint-request.ts';

/** A vertex as a checkpoint sees it. */
export interface CheckpointVertex {
  readonly id: string;
  /** Operator id of its source, where its head is one. */
  readonly head: string;
  readonly parallelism: number;
}

/** Bytes of a subtask in a checkpoint: all that it refers to, and what was written for it. */
export interface SubtaskBytes {
  readonly stateBytes: number;
  readonly writtenBytes: number;
}

/** A checkpoint whose acknowledgements are coming in. */
export class PendingCheckpoint {
  readonly id: number;
  readonly request: CheckpointRequest;
  readonly triggeredAtMs: number;
  readonly splits: { readonly operatorId: string; readonly split: Split }[] = [];
  readonly #vertices: readonly CheckpointVertex[];
  /** By vertex and subtask. */
  readonly #acknowledged: (SubtaskCheckpointView | undefined)[][];
  #count = 0;
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
    this.#acknowledged = vertices.map(() => []);
  }

  /** Notes an acknowledgement whose chunks are durable; true when it was the last. */
  acknowledge(
    { vertex: index, subtask, splits, phases }: Acknowledgement,
    bytes: SubtaskBytes,
    now: number,
  ): boolean {
    const vertex = this.#vertices[index];
    const subtasks = this.#acknowledged[index];
    if (vertex === undefined || subtasks === undefined || subtasks[subtask] !== undefined) return false;
    subtasks[subtask] = { subtask, acknowledgedAtMs: now, ...phases, ...bytes };
    this.#count += 1;
    this.#latestAckAtMs = now;
    for (const split of splits) this.splits.push({ operatorId: vertex.head, split });
    return this.#count === this.subtasks;
  }

  get subtasks(): number {
    return this.#vertices.reduce((sum, { parallelism }) => sum + parallelism, 0);
  }

  get writtenBytes(): number {
    return this.#sumOf(({ writtenBytes }) => writtenBytes);
  }

  /** The checkpoint as it stands, or as it ended. */
  view(now: number, end: { readonly manifest?: string; readonly failure?: string } = {}): CheckpointView {
    const { directory, after } = this.request;
    const ended = end.manifest !== undefined || end.failure !== undefined;
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
      stateBytes: this.#sumOf(({ stateBytes }) => stateBytes),
      subtasks: this.subtasks,
      acknowledged: this.#count,
      ...end,
      vertices: Object.fromEntries(this.#vertices.map(({ id }, index) => [id, this.#vertexView(index)])),
    };
  }

  #vertexView(index: number): VertexCheckpointView {
    const subtasks = (this.#acknowledged[index] ?? []).filter((subtask) => subtask !== undefined);
    const latest = Math.max(...subtasks.map(({ acknowledgedAtMs }) => acknowledgedAtMs));
    return {
      acknowledged: subtasks.length,
      subtasks: this.#vertices[index]?.parallelism ?? 0,
      stateBytes: subtasks.reduce((sum, { stateBytes }) => sum + stateBytes, 0),
      writtenBytes: subtasks.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0),
      ...(subtasks.length === 0 ? {} : { latestAckAtMs: latest }),
      acknowledgements: subtasks,
    };
  }

  #sumOf(amount: (subtask: SubtaskCheckpointView) => number): number {
    return this.#acknowledged
      .flat()
      .reduce((sum, subtask) => sum + (subtask === undefined ? 0 : amount(subtask)), 0);
  }
}
