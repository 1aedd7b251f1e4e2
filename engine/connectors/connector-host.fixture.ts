/** The world of one connector in a test: a clock that is advanced, chance that is fixed. */
import type { ConnectorEvent, ConnectorHost } from './connector.ts';

interface Planned {
  readonly atMs: number;
  readonly task: () => void;
}

export class TestConnectorHost implements ConnectorHost {
  nowMs = 1_000_000;
  readonly events: ConnectorEvent[] = [];
  readonly clock = { now: (): number => this.nowMs };
  readonly environment: Readonly<Record<string, string | undefined>> = {};
  readonly epoch: number;
  readonly owner = 'test';
  readonly #planned = new Set<Planned>();

  constructor(epoch = 1) {
    this.epoch = epoch;
  }

  random(): number {
    return 0.5;
  }

  schedule(delayMs: number, task: () => void): () => void {
    const planned = { atMs: this.nowMs + delayMs, task };
    this.#planned.add(planned);
    return () => this.#planned.delete(planned);
  }

  defer(task: () => void): void {
    this.schedule(0, task);
  }

  report(event: ConnectorEvent): void {
    this.events.push(event);
  }

  /** Advances the clock, runs what is due in order, and lets promises settle. */
  async advance(delayMs: number): Promise<void> {
    const endMs = this.nowMs + delayMs;
    for (;;) {
      const [next] = [...this.#planned].filter((each) => each.atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#planned.delete(next);
      this.nowMs = next.atMs;
      next.task();
      await settled();
    }
    this.nowMs = endMs;
    await settled();
  }
}

/** Promises that wait for nothing but each other have run when this resolves. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
