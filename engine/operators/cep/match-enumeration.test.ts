import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Duration } from '../../data/duration.ts';
import { pattern } from '../../stream/pattern.ts';
import type { Stream } from '../../stream/stream.ts';
import { harness } from '../../testing/harness.ts';

/** A record: `at` is its event time, `n` its place. */
interface Tick {
  readonly n: number;
  readonly at: number;
  readonly letter: string;
  readonly size: number;
}

const HOW = ['next', 'followedBy', 'followedByAny'] as const;

/** A step takes one letter or any, and may ask for more than the step before took. */
interface Wanted {
  readonly how: (typeof HOW)[number];
  readonly letter: string | undefined;
  readonly rising: boolean;
}

const wanted = fc.record<Wanted>({
  how: fc.constantFrom(...HOW),
  letter: fc.constantFrom('a', 'b', undefined),
  rising: fc.boolean(),
});
const steps = fc.array(wanted, { minLength: 1, maxLength: 4 });
const within = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });
const ticks = fc
  .array(fc.tuple(fc.nat({ max: 3 }), fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 3 })), { maxLength: 9 })
  .map((rows) => {
    let at = 1;
    return rows.map(([gap, letter, size], n): Tick => ({ n, at: (at += gap), letter, size }));
  });

function takes({ letter, rising }: Wanted, tick: Tick, before: Tick | undefined): boolean {
  return (
    (letter === undefined || tick.letter === letter) &&
    (!rising || before === undefined || tick.size > before.size)
  );
}

/** All matches by trying every record: what the states of the pattern must come to without trying. */
function enumerated(looked: readonly Wanted[], all: readonly Tick[], withinMs = Infinity): readonly string[] {
  const extend = (path: readonly Tick[]): readonly (readonly Tick[])[] => {
    const [step, last] = [looked[path.length], path.at(-1)];
    if (step === undefined) {
      return [path];
    }
    const later = all.filter(({ n, at }) => n > (last?.n ?? -1) && at - (path[0]?.at ?? at) < withinMs);
    const fitting = later.filter((tick) => takes(step, tick, last));
    return choose(step, { fitting, next: later[0], isFirst: last === undefined }).flatMap((tick) =>
      extend([...path, tick]),
    );
  };
  return extend([]).map(inWords).sort();
}

function choose(
  { how }: Wanted,
  from: { readonly fitting: readonly Tick[]; readonly next: Tick | undefined; readonly isFirst: boolean },
): readonly Tick[] {
  if (from.isFirst || how === 'followedByAny') {
    return from.fitting;
  }
  const first = from.fitting.slice(0, 1);
  return how === 'followedBy' ? first : first.filter((tick) => tick === from.next);
}

function inWords(path: readonly Tick[]): string {
  return path.map(({ n }) => n).join(' ');
}

/** The same by the operator; `restart` starts it anew before every input. */
function found(
  looked: readonly Wanted[],
  all: readonly Tick[],
  { withinMs, restart }: { readonly withinMs: number | undefined; readonly restart: boolean },
): readonly string[] {
  const h = harness((input: Stream<Tick>) =>
    input.keyBy(() => 'all').match('op', patternOf(looked, withinMs)),
  );
  const output: Record<string, Tick>[] = [];
  const give = (input: () => void): void => {
    if (restart) {
      h.restore(h.snapshot(), { parallelism: 1 + (output.length % 3) });
    }
    input();
    output.push(...h.output());
  };
  for (const [from, tick] of all.entries()) {
    const isLast = all[from + 1]?.at !== tick.at;
    give(() => h.push(tick, tick.at));
    if (isLast && tick.n % 2 === 0) {
      give(() => h.watermark(tick.at));
    }
  }
  give(() => h.end());
  return output.map((match) => inWords(Object.values(match).sort((left, right) => left.n - right.n))).sort();
}

function patternOf(looked: readonly Wanted[], withinMs: number | undefined) {
  const options = (index: number) => ({
    where: (tick: Tick, soFar: Readonly<Record<string, unknown>>): boolean =>
      takes(looked[index]!, tick, soFar[`s${index - 1}`] as Tick | undefined), // a step of one record, by the types
  });
  let built = pattern<Tick>().begin('s0' as string, options(0) as object);
  for (let index = 1; index < looked.length; index++) {
    built = built[looked[index]!.how](`s${index}`, options(index) as object);
  }
  return withinMs === undefined ? built : built.within(`${withinMs} ms` satisfies Duration);
}

test('the matches of steps that follow each other are those that trying every record gives', () => {
  fc.assert(
    fc.property(steps, ticks, within, (looked, all, withinMs) => {
      expect(found(looked, all, { withinMs, restart: false })).toEqual(enumerated(looked, all, withinMs));
    }),
  );
});

test('matches are the same when the job starts anew before every input', () => {
  fc.assert(
    fc.property(steps, ticks, within, (looked, all, withinMs) => {
      expect(found(looked, all, { withinMs, restart: true })).toEqual(enumerated(looked, all, withinMs));
    }),
  );
});
