import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimerQueue } from './timer-queue.ts';

type Waiting = readonly [time: number, key: string, name: string];

/** The rules of timers in their plainest form: a list that is looked through. */
class PlainQueue {
  #waiting: Waiting[] = [];

  set(key: string, name: string, time: number): void {
    if (!this.#waiting.some(([at, of, called]) => at === time && of === key && called === name)) {
      this.#waiting.push([time, key, name]);
    }
  }

  replace(key: string, name: string, time: number): void {
    this.cancel(key, name);
    this.set(key, name, time);
  }

  cancel(key: string, name: string, time?: number): void {
    this.#waiting = this.#waiting.filter(
      ([at, of, called]) => of !== key || called !== name || (time !== undefined && at !== time),
    );
  }

  advance(now: number, fire: (waiting: Waiting) => void): void {
    for (;;) {
      const due = this.#waiting.filter(([time]) => time <= now);
      const [first] = due.toSorted(([left], [right]) => left - right);
      if (first === undefined) {
        return;
      }
      this.#waiting = this.#waiting.filter((each) => each !== first);
      fire(first);
    }
  }
}

const key = fc.constantFrom('a', 'b', 'c');
const name = fc.constantFrom('x', 'y');
/** Near and far: within a slot, over several of them, and before the epoch. */
const time = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: -3000, max: 6000 }));
const step = fc.tuple(fc.constantFrom('set', 'replace', 'cancel', 'cancelAll', 'advance'), key, name, time);

/** What a callback does: it sets a timer again, so that what it sets may be due in the same pass. */
const again = fc.tuple(key, name, fc.integer({ min: -50, max: 50 }));

function run(
  queue: TimerQueue | PlainQueue,
  steps: readonly (readonly [string, string, string, number])[],
  agains: readonly (readonly [string, string, number])[],
): string[][] {
  let called = 0;
  const fired: string[][] = [];
  const fire = (at: number, of: string, named: string): void => {
    fired.at(-1)?.push(`${at} ${of} ${named}`);
    const next = agains[called++];
    if (next !== undefined) {
      queue.replace(next[0], next[1], at + next[2]);
    }
  };
  for (const [kind, of, named, at] of steps) {
    if (kind === 'set') queue.set(of, named, at);
    if (kind === 'replace') queue.replace(of, named, at);
    if (kind === 'cancel') queue.cancel(of, named, at);
    if (kind === 'cancelAll') queue.cancel(of, named);
    if (kind === 'advance') {
      fired.push([]);
      if (queue instanceof TimerQueue) {
        queue.advance(at, (timer) => fire(timer.time, String(timer.key), timer.name));
      } else {
        queue.advance(at, (waiting) => fire(...waiting));
      }
    }
  }
  return fired;
}

/** Timers of one time may fire in any order between keys and names. */
function byTime(fired: readonly string[][]): string[][] {
  return fired.map((pass) => pass.toSorted((left, right) => Number.parseInt(left) - Number.parseInt(right)));
}

describe('timers', () => {
  test('fire as a list that is looked through would fire them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const fired = run(new TimerQueue('timers'), steps, []);
        const plain = run(new PlainQueue(), steps, []);
        expect(fired.map((pass) => pass.toSorted())).toEqual(plain.map((pass) => pass.toSorted()));
        expect(fired).toEqual(byTime(fired));
      }),
      { numRuns: 500 },
    );
  });

  test('that a callback sets fire in the same pass, in the order of time', () => {
    const oneKey = fc.tuple(
      fc.constantFrom('set', 'replace', 'advance'),
      fc.constant('a'),
      fc.constant('x'),
      time,
    );
    const oneAgain = fc.tuple(fc.constant('a'), fc.constant('x'), fc.integer({ min: -50, max: 50 }));
    fc.assert(
      fc.property(
        fc.array(oneKey, { maxLength: 30 }),
        fc.array(oneAgain, { maxLength: 8 }),
        (steps, agains) => {
          // Of one key and name no two have the same time, so the order is fixed.
          expect(run(new TimerQueue('timers'), steps, agains)).toEqual(run(new PlainQueue(), steps, agains));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('are counted and forgotten one by one, whatever callbacks do to others', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(again, { maxLength: 8 }), (steps, agains) => {
        const queue = new TimerQueue('timers');
        run(queue, steps, agains);
        const left = queue.entryCount;
        let fired = 0;
        queue.advance(Infinity, () => fired++);
        expect(fired).toBe(left);
        expect(queue.entryCount).toBe(0);
      }),
    );
  });
});
