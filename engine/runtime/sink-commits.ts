import { isTransactional } from '../connectors/connector.ts';
import type { JobGraph, JobVertex } from '../graph/job-graph.ts';

/** What the end of an attempt waits for. */
export interface SinkCommitsContext {
  readonly graph: JobGraph;
  /** Nothing is left to do but to commit, which takes a checkpoint. */
  readonly lastCheckpoint: () => void;
  /** The job may end with the savepoint that it was stopped with: its effects are there. */
  readonly stopped: () => void;
}

/** Which subtasks have something to commit before an attempt may end: at the end of the input, or at a savepoint. */
export class SinkCommits {
  readonly #context: SinkCommitsContext;
  /** Subtasks with transactional sinks that have not finished, and the last checkpoint that each has committed. */
  readonly #open = new Map<string, number>();
  #awaiting = 0;
  #asked = false;
  #stopAt: number | undefined;

  constructor(context: SinkCommitsContext) {
    this.#context = context;
    for (const [index, vertex] of context.graph.vertices.entries()) {
      if (!commits(vertex)) continue;
      for (let subtask = 0; subtask < vertex.parallelism; subtask += 1)
        this.#open.set(`${index}/${subtask}`, 0);
    }
  }

  /** A subtask has ended and can only commit; `unfinished` is the number of all that have not finished. */
  awaited(unfinished: number): void {
    this.#awaiting += 1;
    this.#ask(unfinished);
  }

  finished(vertex: number, subtask: number, unfinished: number): void {
    if (this.#open.delete(`${vertex}/${subtask}`)) this.#awaiting -= 1;
    else this.#ask(unfinished);
    this.#concludeStop();
  }

  committed(vertex: number, subtask: number, checkpointId: number): void {
    const name = `${vertex}/${subtask}`;
    if (this.#open.has(name)) this.#open.set(name, checkpointId);
    this.#concludeStop();
  }

  /** The last checkpoint that was asked for is over; where it failed, another one is needed. */
  checkpointFailed(unfinished: number): void {
    this.#asked = false;
    this.#ask(unfinished);
  }

  /** The savepoint that the job ends with is complete. */
  stop(checkpointId: number): void {
    this.#stopAt = checkpointId;
    this.#concludeStop();
  }

  get stopping(): boolean {
    return this.#stopAt !== undefined;
  }

  #ask(unfinished: number): void {
    if (this.#asked || this.#awaiting === 0 || this.#awaiting < unfinished) return;
    this.#asked = true;
    this.#context.lastCheckpoint();
  }

  #concludeStop(): void {
    const stopAt = this.#stopAt;
    if (stopAt === undefined || [...this.#open.values()].some((committed) => committed < stopAt)) return;
    this.#context.stopped();
  }
}

function commits({ nodes }: JobVertex): boolean {
  return nodes.some(({ definition }) => definition.kind === 'sink' && isTransactional(definition.sink));
}
