import { MAX_WATERMARK, MIN_WATERMARK } from '../data/record-batch.ts';
import type { JobGraph } from '../graph/job-graph.ts';
import type { WatermarkAlignment } from '../operators/operator-definition.ts';

/** Tells a subtask of a source how far it may read. */
export type SendLimit = (vertex: number, subtask: number, limit: number) => void;

interface Member {
  readonly vertex: number;
  readonly align: WatermarkAlignment;
  /** By subtask. One that has not said anything holds the others back. */
  readonly watermarks: number[];
}

/**
 * Sources that wait for each other, for one attempt: each subtask reports how far it is, and every source of the group
 * may read so far ahead of the slowest as it allows.
 *
 * Contract: idle and ended subtasks report the highest watermark and so do not count. Source: Flink's
 * `SourceCoordinator.announceCombinedWatermark`.
 */
export class AlignedGroups {
  readonly #members: readonly Member[];
  readonly #send: SendLimit;
  readonly #lowest = new Map<string, number>();

  constructor({ vertices }: JobGraph, send: SendLimit) {
    this.#send = send;
    this.#members = vertices.flatMap(({ nodes: [head], parallelism }, vertex) =>
      head?.definition.kind !== 'source' || head.definition.align === undefined
        ? []
        : [
            {
              vertex,
              align: head.definition.align,
              watermarks: Array.from({ length: parallelism }, () => MIN_WATERMARK),
            },
          ],
    );
  }

  reported(vertex: number, subtask: number, watermark: number): void {
    const member = this.#members.find((each) => each.vertex === vertex);
    if (member === undefined) return;
    member.watermarks[subtask] = watermark;
    this.#announce(member.align.group);
  }

  #announce(group: string): void {
    const members = this.#members.filter(({ align }) => align.group === group);
    const lowest = Math.min(...members.flatMap(({ watermarks }) => watermarks));
    if (lowest === (this.#lowest.get(group) ?? MIN_WATERMARK)) return;
    this.#lowest.set(group, lowest);
    for (const { vertex, align, watermarks } of members) {
      const limit = Math.min(MAX_WATERMARK, lowest + align.maxDriftMs);
      for (const subtask of watermarks.keys()) this.#send(vertex, subtask, limit);
    }
  }
}
