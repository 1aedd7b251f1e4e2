import { inspect, isDeepStrictEqual } from 'node:util';

/** One thing that a connector must do; give it to the runner of your tests. */
export interface ContractCase {
  readonly name: string;
  /** Rejects with what was wrong. */
  readonly run: () => Promise<void>;
}

const PATIENCE_MS = 10_000;

/** What the connector broke, in one sentence. */
export class ContractBreach extends Error {
  override readonly name = 'ContractBreach';
}

export function require(condition: boolean, breach: string): asserts condition {
  if (!condition) throw new ContractBreach(breach);
}

/** The same records, in any order; records that are data have a text that tells them apart. */
export function requireSame(actual: readonly unknown[], expected: readonly unknown[], where: string): void {
  const [left, right] = [actual, expected].map((records) => records.map(textOf).toSorted());
  if (isDeepStrictEqual(left, right)) return;
  const missing = difference(right ?? [], left ?? []);
  const surplus = difference(left ?? [], right ?? []);
  throw new ContractBreach(
    `${where}: ${missing.length} records are missing (${sample(missing)}), ${surplus.length} are too many (${sample(surplus)})`,
  );
}

/** Waits until the connector calls `wake`; one that forgets to is found out. */
export class Wakening {
  #called = false;
  #resolve: (woken: boolean) => void = () => {};

  readonly wake = (): void => {
    this.#called = true;
    this.#resolve(true);
  };

  async next(what: string): Promise<void> {
    require(await this.within(PATIENCE_MS), `${what}: nobody called wake for ${PATIENCE_MS} ms`);
  }

  /** True when it was called since the last time, or is within so long. */
  async within(patienceMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#resolve = resolve;
    if (this.#called) resolve(true);
    const impatience = setTimeout(() => resolve(false), patienceMs);
    const woken = await promise;
    clearTimeout(impatience);
    this.#called = false;
    return woken;
  }
}

export function textOf(record: unknown): string {
  return inspect(record, { depth: null, sorted: true, maxArrayLength: null, maxStringLength: null });
}

function difference(all: readonly string[], taken: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of taken) counts.set(text, (counts.get(text) ?? 0) + 1);
  return all.filter((text) => {
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

function sample(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : `such as ${texts[0] ?? ''}`.slice(0, 200);
}
