import type { Cancel, Scheduler } from '../host.ts';
import type { Pulse } from './heart.ts';
import type { WatchdogOptions } from './job-options.ts';

const REPORT_AFTER_MS = 10_000;
const RESTART_AFTER_MS = 60_000;
/** A watch is this much more precise than what it waits for. */
const LOOKS = 10;

/** A slot whose thread has been at one piece of work for too long. */
export interface BlockedSlot {
  readonly slot: number;
  readonly vertex: number;
  readonly blockedMs: number;
}

/** What a watchdog looks at, and who hears of it. */
export interface WatchdogContext {
  readonly host: Scheduler;
  readonly options: WatchdogOptions;
  /** The slots that have a thread of their own. */
  readonly pulses: readonly (() => Pulse)[];
  /** Once for every time that a slot blocks. */
  readonly blocked: (blocked: BlockedSlot) => void;
  /** It has blocked for so long that nobody waits any more. */
  readonly dead: (blocked: BlockedSlot) => void;
}

interface Watched {
  beat: number;
  blockedMs: number;
  reported: boolean;
}

/**
 * Sees when user code does not return, from a thread that it cannot block.
 *
 * Contract: time counts in which this thread itself runs. A process that was frozen, or a machine that slept, has not
 * blocked anybody.
 */
export class Watchdog {
  readonly #context: WatchdogContext;
  readonly #watched: readonly Watched[];
  readonly #reportAfterMs: number;
  readonly #restartAfterMs: number;
  readonly #everyMs: number;
  #lookedAt: number;
  #timer: Cancel | undefined;

  constructor(context: WatchdogContext) {
    const { reportAfterMs = REPORT_AFTER_MS, restartAfterMs = RESTART_AFTER_MS } = context.options;
    this.#context = context;
    this.#watched = context.pulses.map(() => ({ beat: 0, blockedMs: 0, reported: false }));
    this.#reportAfterMs = reportAfterMs;
    this.#restartAfterMs = restartAfterMs === 0 ? Infinity : restartAfterMs;
    this.#everyMs = Math.max(10, Math.min(this.#reportAfterMs, this.#restartAfterMs) / LOOKS);
    this.#lookedAt = context.host.clock.now();
    if (context.pulses.length > 0) this.#wait();
  }

  close(): void {
    this.#timer?.();
    this.#timer = undefined;
  }

  #wait(): void {
    this.#timer = this.#context.host.schedule(this.#everyMs, () => {
      const now = this.#context.host.clock.now();
      const passedMs = Math.min(Math.max(0, now - this.#lookedAt), 2 * this.#everyMs);
      this.#lookedAt = now;
      this.#wait();
      for (const [slot, pulse] of this.#context.pulses.entries()) this.#look(slot, pulse(), passedMs);
    });
  }

  #look(slot: number, { beat, vertex }: Pulse, passedMs: number): void {
    const watched = this.#watched[slot];
    if (watched === undefined) return;
    if (vertex === undefined || beat !== watched.beat) {
      watched.beat = beat;
      watched.blockedMs = 0;
      watched.reported = false;
      return;
    }
    watched.blockedMs += passedMs;
    const { blockedMs } = watched;
    if (blockedMs >= this.#reportAfterMs && !watched.reported) {
      watched.reported = true;
      this.#context.blocked({ slot, vertex, blockedMs });
    }
    // After `close` nobody is to hear of it any more.
    if (blockedMs >= this.#restartAfterMs && this.#timer !== undefined)
      this.#context.dead({ slot, vertex, blockedMs });
  }
}
