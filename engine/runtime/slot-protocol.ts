/**
 * What the coordinator and a slot say to each other: plain data, since they may be on different threads.
 *
 * Both directions keep their order. A barrier that is triggered before splits are assigned is taken before
 * them.
 */
import type { Split, ConnectorEvent } from '../connectors/connector.ts';
import type { ContinuedTable, SnapshotPart } from '../state/snapshot.ts';
import type { Pulse } from './heart.ts';
import type { EnteredRecord } from './poison/entered-record.ts';
import type { LetterCounts } from './poison/gate.ts';
import type { SlotLetters } from './poison/slot-letters.ts';
import type {
  Fault,
  SnapshotPhases,
  SubtaskMetrics,
  ThreadFigures,
  UndecodableSample,
} from './job-status.ts';
import type { SlotAnswer, SlotQuery } from './queries/slot-query.ts';

/** What sources do behind a barrier. */
export type AfterBarrier =
  | 'continue'
  /** Read no more until told: the job ends with this savepoint, or goes on if it fails. */
  | 'suspend'
  /** The same, with the last watermark before the barrier, so that all windows fire. */
  | 'drain';

/** A checkpoint begins. */
export interface BarrierTrigger {
  readonly checkpointId: number;
  readonly after: AfterBarrier;
  /** It will be restored from while this job goes on. */
  readonly savepoint: boolean;
  /** Somebody waits for it: state says only what has changed, even where all of it would be due. */
  readonly brief: boolean;
  readonly triggeredAtMs: number;
  /** After so long its barriers overtake records; absent: never. */
  readonly unalignedAfterMs?: number;
}

export type SlotCommand =
  /** Reads keyed state before the slot is opened; the slot answers `preloaded`. */
  | { readonly type: 'preload'; readonly parts: readonly SnapshotPart[] }
  /** These operators forget what they have read in advance. */
  | { readonly type: 'forsake'; readonly operators: readonly string[] }
  /** Opens operators with their state, or what is left of it; the slot answers `opened`. */
  | {
      readonly type: 'open';
      /** Slots may be started before there is the right to run a job. */
      readonly epoch: number;
      readonly parts: readonly SnapshotPart[];
      /** Operators whose subtasks get back what they wrote themselves, and may continue it with their first snapshot. */
      readonly continued: readonly string[];
      readonly letters: SlotLetters;
    }
  | {
      readonly type: 'assign-splits';
      readonly vertex: number;
      readonly splits: readonly Split[];
      /** As `laterSplitsFrom` of the enumerator. */
      readonly laterSplitsFrom: number | undefined;
    }
  /** How far a source may read that is aligned with others: a watermark. */
  | { readonly type: 'limit-source'; readonly vertex: number; readonly limit: number }
  /** No split follows: a source whose splits are all finished has ended. */
  | { readonly type: 'no-more-splits'; readonly vertex: number }
  | ({ readonly type: 'trigger-barrier' } & BarrierTrigger)
  /** So many bytes of handed parts are stored, or are needed no more. */
  | { readonly type: 'parts-stored'; readonly bytes: number }
  | { readonly type: 'checkpoint-completed'; readonly checkpointId: number }
  /** Looks at state; the slot answers `answered`. */
  | { readonly type: 'query'; readonly query: SlotQuery }
  | { readonly type: 'checkpoint-aborted'; readonly checkpointId: number; readonly resume: boolean };

/** What a subtask has written of its state for a checkpoint so far; its acknowledgement comes last. */
export interface HandedParts {
  readonly checkpointId: number;
  readonly vertex: number;
  readonly subtask: number;
  readonly parts: readonly SnapshotPart[];
}

/** One subtask's part in a checkpoint is whole: its state was handed over, and here is where its source stands. */
export interface Acknowledgement {
  readonly checkpointId: number;
  readonly vertex: number;
  readonly subtask: number;
  /** Tables whose parts go behind those of the subtask's last acknowledgement. */
  readonly continued: readonly ContinuedTable[];
  readonly splits: readonly Split[];
  readonly phases: SnapshotPhases;
}

export type SlotReport =
  /** The program is loaded: the slot waits for its state. */
  | { readonly type: 'ready' }
  | { readonly type: 'preloaded' }
  | { readonly type: 'opened' }
  | ({ readonly type: 'handed-parts' } & HandedParts)
  | ({ readonly type: 'acknowledged' } & Acknowledgement)
  | { readonly type: 'split-finished'; readonly vertex: number; readonly split: string }
  /** How far a subtask of an aligned source is: its watermark, or the highest where nobody need wait for it. */
  | { readonly type: 'source-reached'; readonly vertex: number; readonly watermark: number }
  /** It has ended, and what its sinks have prepared waits for the next checkpoint. */
  | { readonly type: 'commit-awaited'; readonly vertex: number }
  /** Its sinks have committed what they prepared for this checkpoint. */
  | { readonly type: 'committed'; readonly vertex: number; readonly checkpointId: number }
  | { readonly type: 'finished'; readonly vertex: number }
  | {
      readonly type: 'failed';
      readonly fault: Fault;
      readonly fenced: boolean;
      /** The record over which a function of the program failed, and without which it might not. */
      readonly entered?: EnteredRecord;
    }
  /** What a subtask has set aside and put in again before a barrier; comes before its acknowledgement. */
  | {
      readonly type: 'letters-counted';
      readonly vertex: number;
      readonly checkpointId: number;
      readonly counts: LetterCounts;
    }
  | {
      readonly type: 'metrics';
      readonly subtasks: readonly VertexMetrics[];
      /** Of the slot's own thread. */
      readonly thread?: ThreadFigures;
    }
  | { readonly type: 'undecodable'; readonly samples: readonly UndecodableSample[] }
  | { readonly type: 'answered'; readonly id: number; readonly answer: SlotAnswer }
  | {
      readonly type: 'connector';
      readonly operator: string;
      readonly subtask: number;
      readonly event: ConnectorEvent;
    };

/** What the slot's subtask of a vertex has measured. */
export interface VertexMetrics {
  readonly vertex: number;
  readonly metrics: SubtaskMetrics;
}

/** A slot as the coordinator holds it, in this thread or in another. */
export interface SlotLink {
  send(command: SlotCommand): void;
  /** Ends the slot at once, whatever it is doing. */
  terminate(): Promise<void>;
  /** What it is doing, if it has a thread of its own. */
  pulse?(): Pulse;
}
