import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count, sum } from '../../stream/aggregates.ts';
import { reducing, value } from '../../stream/state-cells.ts';
import type { Stream } from '../../stream/stream.ts';
import { triggers } from '../../stream/triggers.ts';
import { session, tumbling, type Window } from '../../stream/windows.ts';
import { t } from '../../data/built-in-types.ts';
import { harness } from '../../testing/harness.ts';
import { DueWindows } from './due-windows.ts';
import { WindowEntry } from './window-entry.ts';

interface Click {
  readonly page: string;
  readonly ms: number;
}

const byPage = (clicks: Stream<Click>) => clicks.keyBy((click) => click.page);
const click = (ms: number, page = 'a'): Click => ({ page, ms });

describe('sessions', () => {
  test('are those of all records at once, whatever their order, and with a restore after each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }),
        fc.boolean(),
        (times, restore) => {
          const h = harness((clicks: Stream<Click>) =>
            byPage(clicks)
              .window(session('5 ms'))
              .aggregate('s', { n: count(), total: sum((each) => each.ms) }),
          );
          for (const time of times) {
            h.push(click(time), time);
            if (restore) {
              h.restore(h.snapshot(), { parallelism: 2 });
            }
          }
          h.watermark(1000);
          expect(h.output().map(({ start, end, n, total }) => ({ start, end, n, total }))).toEqual(
            naiveSessions(times, 5),
          );
        },
      ),
    );
  });
});

/** Sessions of sorted times, which is what windows that merge must come to. */
function naiveSessions(times: readonly number[], gap: number) {
  const sessions: { start: number; end: number; n: number; total: number }[] = [];
  for (const time of times.toSorted((left, right) => left - right)) {
    const last = sessions.at(-1);
    if (last === undefined || time > last.end) {
      sessions.push({ start: time, end: time + gap, n: 1, total: time });
    } else {
      last.end = time + gap;
      last.n++;
      last.total += time;
    }
  }
  return sessions;
}

describe('an own trigger', () => {
  const atTen = triggers.own({
    state: { total: reducing(t.double, (left, right) => left + right) },
    onRecord(record: Click, ctx) {
      ctx.state.total.add(record.ms);
      ctx.setProcessingTimer(ctx.now() + 100);
      return (ctx.state.total.get() ?? 0) >= 10 ? 'fire-and-purge' : 'continue';
    },
    onProcessingTime: () => 'fire',
    onMerge(ctx) {
      ctx.setProcessingTimer(ctx.now() + 50);
    },
  });
  const totals = (window: Window) =>
    harness((clicks: Stream<Click>) =>
      byPage(clicks)
        .window(window, { trigger: atTen })
        .aggregate('w', { total: sum((each) => each.ms) }),
    );

  test('fires by its state, which a snapshot holds, and by its timers', () => {
    const h = totals(tumbling('1 second'));
    h.push(click(6), 1);
    h.restore(h.snapshot());
    h.push(click(5), 2);
    expect(h.output().map(({ total }) => total)).toEqual([11]);
    h.push(click(1), 3);
    h.advance('100 ms');
    expect(h.output().map(({ total }) => total)).toEqual([1]);
  });

  test('knows the window at work, and the time of its record or timer', () => {
    const seen: unknown[] = [];
    const watching = triggers.own({
      onRecord(_: Click, ctx) {
        seen.push(['record', ctx.time, ctx.window]);
        ctx.setEventTimer(ctx.time + 100);
        return 'continue';
      },
      onEventTime(ctx) {
        seen.push(['timer', ctx.time, ctx.window]);
        return 'continue';
      },
      onClear(ctx) {
        seen.push(['clear', ctx.window]);
      },
    });
    const h = harness((clicks: Stream<Click>) =>
      byPage(clicks)
        .window(tumbling('1 second'), { trigger: watching })
        .aggregate('w', { total: sum((each) => each.ms) }),
    );
    h.push(click(1), 1003);
    h.watermark(3000);
    const window = { start: 1000, end: 2000 };
    expect(seen).toEqual([
      ['record', 1003, window],
      ['timer', 1103, window],
      ['timer', 1999, window],
      ['clear', window],
    ]);
  });

  test('is asked to set its timers anew when windows merge, and its reducing state is joined', () => {
    const h = totals(session('5 ms'));
    h.push(click(4), 0);
    h.push(click(4), 20);
    h.push(click(3), 5);
    expect(h.output()).toEqual([]);
    h.push(click(3), 15);
    h.push(click(3), 10);
    expect(h.output().map(({ start, end, total }) => ({ start, end, total }))).toEqual([
      { start: 0, end: 25, total: 17 },
    ]);
  });
});

test('window state goes with its window, state of the key stays, and onClear is told', () => {
  const cleared: number[] = [];
  const cells = { firings: value(t.int) };
  const h = harness((clicks: Stream<Click>) =>
    byPage(clicks)
      .window(tumbling('10 ms'), { lateness: '10 ms' })
      .process('w', {
        output: t.string,
        state: cells,
        windowState: cells,
        onWindow(records, ctx) {
          for (const cell of [ctx.state.firings, ctx.windowState.firings]) {
            cell.set((cell.get() ?? 0) + 1);
          }
          ctx.emit(`${records.length}: ${ctx.windowState.firings.get()} of ${ctx.state.firings.get()}`);
        },
        onClear(ctx) {
          cleared.push(ctx.windowState.firings.get() ?? 0);
        },
      }),
  );
  h.push(click(1), 1);
  h.watermark(9);
  h.restore(h.snapshot());
  h.push(click(1), 2);
  h.watermark(9);
  h.push(click(1), 11);
  h.watermark(30);
  expect(h.output()).toEqual(['2: 2 of 2', '1: 1 of 3']);
  expect(cleared).toEqual([2, 1]);
});

test('the timers of windows fire in the order of time, each once, also those set meanwhile', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(3), fc.integer({ min: -3000, max: 5000 })), { maxLength: 40 }),
      fc.array(fc.integer({ min: 0, max: 2500 }), { minLength: 1, maxLength: 5 }),
      (timers, steps) => {
        const queue = new DueWindows(() => undefined);
        const windows = [0, 1, 2, 3].map((index) => new WindowEntry(0, index, { start: index, end: 10 }));
        const waiting = new Set<string>();
        const add = (index: number, time: number): void => {
          const window = windows[index];
          if (window !== undefined) {
            queue.add(window.eventTimers, time);
            waiting.add(`${index} ${time}`);
          }
        };
        timers.forEach(([index, time]) => add(index, time));
        let now = -3500;
        for (const step of steps) {
          now += step;
          let last = Number.NEGATIVE_INFINITY;
          queue.advance(now, ({ start }, time) => {
            expect(waiting.delete(`${start} ${time}`)).toBe(true);
            expect(time).toBeGreaterThanOrEqual(last);
            last = time;
            if (time % 3 === 0) {
              add((start + 1) % 4, time + 700);
            }
          });
          expect([...waiting].every((each) => Number(each.split(' ')[1]) > now)).toBe(true);
        }
      },
    ),
  );
});
