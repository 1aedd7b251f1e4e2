import { isFenced } from '../../host.ts';

/** What the worlds of a test did, so that it can tell that they were not idle. */
export const seen = {
  checkpoints: 0,
  savepoints: 0,
  disposals: 0,
  fenced: 0,
  restores: 0,
  forks: 0,
};

/** A savepoint that somebody was told to be complete. */
export interface Usable {
  readonly prefix: string;
  readonly directory: string;
}

/** What the jobs of a world tell it. */
export interface JobWorld {
  readonly random: () => number;
  /** By manifest key: what it must hold. */
  readonly expected: Map<string, readonly string[]>;
  readonly usable: Set<Usable>;
  /** By chunk: what was handed over for it. */
  readonly texts: Map<string, string>;
  /** What should never happen to a job. */
  readonly failures: unknown[];
  /** A name that was never given before. */
  name(): string;
}

/** What a job may run into that is no fault of its own. */
export function isExpected(error: unknown): boolean {
  return (
    isFenced(error) || /did not answer/.test(String(error instanceof Error ? (error.cause ?? error) : error))
  );
}
