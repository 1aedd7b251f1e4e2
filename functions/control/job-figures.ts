/** What a job tells of itself, in the names of Flink's REST API, as far as decisions and figures need it. */

/** A number that the engine may not have. */
export type Figure = number | null | undefined;

/** A job with its vertices. */
export interface JobDetail {
  readonly jid: string;
  readonly state: string;
  readonly vertices: readonly {
    readonly id: string;
    readonly name: string;
    readonly parallelism: number;
    readonly status: string;
    readonly metrics?: { readonly 'read-records'?: Figure; readonly 'write-records'?: Figure } | undefined;
  }[];
  readonly plan?:
    | {
        readonly nodes: readonly {
          readonly id: string;
          readonly inputs?: readonly { readonly id: string }[] | undefined;
        }[];
      }
    | undefined;
}

/** One checkpoint or savepoint of a job's history. */
export interface CheckpointEntry {
  readonly id: number;
  readonly status: string;
  readonly is_savepoint: boolean;
  readonly trigger_timestamp: number;
  readonly end_to_end_duration: Figure;
  readonly state_size?: Figure;
  readonly checkpointed_size?: Figure;
  readonly failure_message?: string | null | undefined;
}

/** Counts, the newest and the history of checkpoints. */
export interface Checkpoints {
  readonly counts: { readonly completed: number; readonly failed: number };
  readonly latest: { readonly completed?: CheckpointEntry | null | undefined };
  readonly history: readonly CheckpointEntry[];
}

/** A metric over the subtasks of a vertex. */
export interface AggregatedMetric {
  readonly id: string;
  readonly min?: Figure;
  readonly max?: Figure;
  readonly sum?: Figure;
  readonly avg?: Figure;
}

/** What a job answered; undefined members it could not answer. */
export interface JobFigures {
  readonly detail: JobDetail;
  readonly checkpoints: Checkpoints | undefined;
  readonly job: readonly { readonly id: string; readonly value?: Figure }[] | undefined;
  /** By vertex id. */
  readonly vertices: ReadonlyMap<string, readonly AggregatedMetric[]>;
}

const ENDING: readonly string[] = ['FAILED', 'CANCELED', 'FINISHED', 'FAILING', 'CANCELLING'];

/** How far a job has come: up only when every subtask runs, for RUNNING alone may still restore state. */
export function jobProgress(job: JobDetail): 'up' | 'coming' | 'ended' {
  if (ENDING.includes(job.state)) return 'ended';
  const areAllUp = job.vertices.every(({ status }) => status === 'RUNNING' || status === 'FINISHED');
  return job.state === 'RUNNING' && areAllUp ? 'up' : 'coming';
}
