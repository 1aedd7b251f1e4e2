import type { Clock } from '../../host.ts';

/** How far a standby is with the state that it was told to read. */
export interface PreloadView {
  readonly location: string;
  readonly state: 'reading' | 'read' | 'failed';
  readonly durationMs?: number;
  readonly failure?: string;
}

/** Reads one checkpoint after another in advance, in the order in which they were asked for. */
export class StandbyReading {
  readonly #clock: Clock;
  readonly #read: (location: string) => Promise<void>;
  #view: PreloadView | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(clock: Clock, read: (location: string) => Promise<void>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** Of the one asked for last. */
  get view(): PreloadView | undefined {
    return this.#view;
  }

  read(location: string): void {
    if (this.#view?.location === location && this.#view.state !== 'failed') return;
    this.#view = { location, state: 'reading' };
    this.#last = this.#last.then(() => this.#follow(location));
  }

  fail(error: unknown): void {
    this.#view = { location: this.#view?.location ?? '', state: 'failed', failure: reasonOf(error) };
  }

  async #follow(location: string): Promise<void> {
    const begunAtMs = this.#clock.now();
    const outcome = await this.#read(location).then(
      (): Pick<PreloadView, 'state' | 'failure'> => ({ state: 'read' }),
      (error: unknown) => ({ state: 'failed' as const, failure: reasonOf(error) }),
    );
    if (this.#view?.location !== location) return;
    this.#view = { location, durationMs: this.#clock.now() - begunAtMs, ...outcome };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
