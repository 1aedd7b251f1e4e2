import type { JobGraph, JobVertex } from '../graph/job-graph.ts';
import type { SubtaskMetrics, SubtaskState, SubtaskView, VertexView } from './job-status.ts';
import { RateWindow } from './rate-window.ts';
import type { VertexMetrics } from './slot-protocol.ts';

interface SubtaskRecord {
  state: SubtaskState;
  startedAtMs: number;
  endedAtMs: number | undefined;
  window: RateWindow;
}

/** What is known of the subtasks of a job; begins anew with every attempt. */
export class VertexViews {
  readonly #graph: JobGraph;
  readonly #attempt: number;
  readonly #subtasks: readonly (readonly SubtaskRecord[])[];

  constructor(graph: JobGraph, attempt: number, now: number) {
    this.#graph = graph;
    this.#attempt = attempt;
    this.#subtasks = graph.vertices.map(({ parallelism }) =>
      Array.from({ length: parallelism }, () => ({
        state: 'DEPLOYING' as const,
        startedAtMs: now,
        endedAtMs: undefined,
        window: new RateWindow(),
      })),
    );
  }

  /** All state is restored; a source runs only when it knows what to read. */
  running(): void {
    for (const [index, { inputs }] of this.#graph.vertices.entries())
      this.#enter(index, inputs.length === 0 ? 'INITIALIZING' : 'RUNNING');
  }

  reading(vertex: number): void {
    this.#enter(vertex, 'RUNNING');
  }

  finished(vertex: number, subtask: number, now: number): void {
    const record = this.#subtasks[vertex]?.[subtask];
    if (record !== undefined) end(record, 'FINISHED', now);
  }

  /** What still runs ends in `state`. */
  ended(state: SubtaskState, now: number): void {
    for (const subtask of this.#subtasks.flat())
      if (subtask.endedAtMs === undefined) end(subtask, state, now);
  }

  metrics(reports: readonly VertexMetrics[], now: number): void {
    for (const { vertex, metrics } of reports)
      this.#subtasks[vertex]?.[metrics.subtask]?.window.add(now, metrics);
  }

  view(): readonly VertexView[] {
    return this.#graph.vertices.map((vertex, index) => ({
      id: vertex.id,
      name: vertex.name,
      parallelism: vertex.parallelism,
      maxParallelism: vertex.maxParallelism,
      operators: vertex.nodes.map(({ id, name, kind, state }) => ({
        id,
        name,
        kind,
        state: state.map((cell) => ({ name: cell.name, kind: cell.kind })),
      })),
      inputs: this.#inputsOf(vertex),
      subtasks: (this.#subtasks[index] ?? []).map((record, subtask) => this.#subtaskView(record, subtask)),
    }));
  }

  #enter(vertex: number, state: SubtaskState): void {
    for (const subtask of this.#subtasks[vertex] ?? [])
      if (subtask.endedAtMs === undefined) subtask.state = state;
  }

  #inputsOf(vertex: JobVertex): VertexView['inputs'] {
    return vertex.inputs.map(({ from, exchange }) => ({
      vertexId: this.#graph.vertices[from]?.id ?? '',
      exchange,
    }));
  }

  #subtaskView({ state, startedAtMs, endedAtMs, window }: SubtaskRecord, subtask: number): SubtaskView {
    return {
      ...(window.latest ?? { ...NOTHING_MEASURED, subtask }),
      ...window.rates(),
      state,
      attempt: this.#attempt,
      startedAtMs,
      ...(endedAtMs === undefined ? {} : { endedAtMs }),
    };
  }
}

const NOTHING_MEASURED: SubtaskMetrics = {
  subtask: 0,
  recordsIn: 0,
  recordsOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  busyMs: 0,
  backpressuredMs: 0,
  idleMs: 0,
  lateRecords: 0,
  undecodableRecords: 0,
  operators: [],
};

function end(record: SubtaskRecord, state: SubtaskState, now: number): void {
  record.state = state;
  record.endedAtMs = now;
}
