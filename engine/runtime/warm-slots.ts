import type { JobGraph } from '../graph/job-graph.ts';
import type { SlotLink, SlotReport } from './slot-protocol.ts';
import { startSlots, type SlotsContext } from './slots.ts';

/** Who hears of the slots of an attempt. */
export type SlotListener = (slot: number, report: SlotReport) => void;

/**
 * Slots that load their program while nobody needs them yet.
 *
 * Starting threads takes longer than all else in a rescaling, so it is done while the attempt of before still runs.
 */
export class WarmSlots {
  readonly graph: JobGraph;
  readonly links: readonly SlotLink[];
  /** Resolves when all slots wait for their state; rejects when one cannot load its program. */
  readonly ready: Promise<void>;
  #listener: SlotListener | undefined;
  /** Failures before anybody listens. */
  readonly #missed: (readonly [slot: number, report: SlotReport])[] = [];
  readonly #resolveReady: () => void;
  readonly #rejectReady: (reason: Error) => void;
  #unready: number;

  constructor(context: Omit<SlotsContext, 'report'>) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.graph = context.graph;
    this.ready = promise;
    // An attempt that begins at once learns of a failure by its listener, and nobody waits here.
    promise.catch(() => undefined);
    this.#resolveReady = resolve;
    this.#rejectReady = reject;
    this.links = startSlots({ ...context, report: (slot, report) => this.#hear(slot, report) });
    this.#unready = this.links.length;
  }

  /** From here on all reports go to the attempt. */
  attach(listener: SlotListener): void {
    this.#listener = listener;
    for (const [slot, report] of this.#missed.splice(0)) listener(slot, report);
  }

  async terminate(): Promise<void> {
    await Promise.allSettled(this.links.map((slot) => slot.terminate()));
  }

  #hear(slot: number, report: SlotReport): void {
    if (report.type === 'ready') {
      this.#unready -= 1;
      if (this.#unready === 0) this.#resolveReady();
      return;
    }
    if (report.type === 'failed') this.#rejectReady(new Error(report.fault.message));
    if (this.#listener === undefined) this.#missed.push([slot, report]);
    else this.#listener(slot, report);
  }
}
