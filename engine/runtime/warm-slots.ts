import type { JobGraph } from '../graph/job-graph.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { Preload } from './preload.ts';
import { partsOfSlots } from './restored-parts.ts';
import type { ChunkSource } from './coordinator/read-parts.ts';
import { immediateZstd } from './coordinator/zstd.ts';
import type { Renames } from './coordinator/renamed-operators.ts';
import type { SlotLink, SlotReport } from './slot-protocol.ts';
import { startSlots, type SlotsContext } from './slots.ts';

/** Who hears of the slots of an attempt. */
export type SlotListener = (slot: number, report: SlotReport) => void;

/**
 * Slots that load their program, and most of their state, while nobody needs them yet.
 *
 * Starting threads and filling tables takes longer than all else in a rescaling or an upgrade, so it is done while the
 * attempt of before still runs.
 */
export class WarmSlots {
  readonly graph: JobGraph;
  readonly links: readonly SlotLink[];
  /** Resolves when all slots wait for their state; rejects when one cannot load its program. */
  readonly ready: Promise<void>;
  readonly preloaded: Preload;
  readonly #move: boolean;
  #listener: SlotListener | undefined;
  /** Failures before anybody listens. */
  readonly #missed: (readonly [slot: number, report: SlotReport])[] = [];
  readonly #resolveReady: () => void;
  readonly #rejectReady: (reason: Error) => void;
  #unready: number;
  /** Slots that are reading state in advance, and who waits for them. */
  #filling = 0;
  #filled: PromiseWithResolvers<void> = Promise.withResolvers();
  #failure: Error | undefined;

  constructor(context: Omit<SlotsContext, 'report'>, renames: Renames = {}) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.graph = context.graph;
    this.ready = promise;
    // An attempt that begins at once learns of a failure by its listener, and nobody waits here.
    promise.catch(() => undefined);
    this.#resolveReady = resolve;
    this.#rejectReady = reject;
    this.#move = context.options.threads;
    const { storage, compression = immediateZstd } = context.host;
    const source: ChunkSource = { storage, compression, renames };
    this.preloaded = new Preload(this, source);
    this.links = startSlots({ ...context, report: (slot, report) => this.#hear(slot, report) });
    this.#unready = this.links.length;
  }

  /** What has befallen one of them before it was needed. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** From here on all reports go to the attempt. */
  attach(listener: SlotListener): void {
    this.#listener = listener;
    for (const [slot, report] of this.#missed.splice(0)) listener(slot, report);
  }

  /** Gives every slot its share of these parts; resolves when all have read it. One call at a time. */
  async preload(parts: readonly SnapshotPart[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const dealt = partsOfSlots(this.graph, this.links.length, { parts, move: this.#move });
    this.#filled = Promise.withResolvers();
    this.#filling = this.links.length;
    for (const [slot, link] of this.links.entries()) link.send({ type: 'preload', parts: dealt[slot] ?? [] });
    await this.#filled.promise;
  }

  /** Lets operators forget what they have read. */
  forsake(operators: readonly string[]): void {
    for (const link of this.links) link.send({ type: 'forsake', operators });
  }

  async terminate(): Promise<void> {
    this.#failed(new Error('The slots were ended'));
    await Promise.allSettled(this.links.map((slot) => slot.terminate()));
  }

  #hear(slot: number, report: SlotReport): void {
    if (report.type === 'ready') {
      this.#unready -= 1;
      if (this.#unready === 0) this.#resolveReady();
      return;
    }
    if (report.type === 'preloaded') {
      this.#filling -= 1;
      if (this.#filling === 0) this.#filled.resolve();
      return;
    }
    if (report.type === 'failed') this.#failed(new Error(report.fault.message));
    if (this.#listener === undefined) this.#missed.push([slot, report]);
    else this.#listener(slot, report);
  }

  #failed(failure: Error): void {
    this.#failure ??= failure;
    this.#rejectReady(failure);
    if (this.#filling > 0) this.#filled.reject(failure);
  }
}
