import { describe, expect, test } from 'vitest';
import { t } from '../../data/built-in-types.ts';
import { evictors } from '../../stream/evictors.ts';
import type { Stream } from '../../stream/stream.ts';
import { triggers } from '../../stream/triggers.ts';
import type { WindowTiming } from '../../stream/window-rows.ts';
import { globalWindow, tumbling, type Window } from '../../stream/windows.ts';
import { harness } from '../../testing/harness.ts';

interface Click {
  readonly page: string;
  readonly n: number;
}

const click = (n: number, page = 'a'): Click => ({ page, n });

/** What each firing is given, as `1,2`. */
function firings(window: Window, timing: WindowTiming<Click>, now = 0) {
  return harness(
    (clicks: Stream<Click>) =>
      clicks
        .keyBy(({ page }) => page)
        .window(window, timing)
        .process('w', {
          output: t.string,
          onWindow(records, ctx) {
            ctx.emit(records.map(({ n }) => n).join());
          },
        }),
    { now },
  );
}

describe('a trigger', () => {
  test('of a count fires for every so many records, and purges only where it is told to', () => {
    const [all, purged] = [triggers.count(2), triggers.purging(triggers.count(2))].map((trigger) =>
      firings(globalWindow(), { trigger }),
    );
    for (const h of [all, purged]) {
      [1, 2, 3, 4].forEach((n) => h?.push(click(n), n));
    }
    expect(all?.output()).toEqual(['1,2', '1,2,3,4']);
    expect(purged?.output()).toEqual(['1,2', '3,4']);
  });

  test('of continuous event time fires at every full interval and at the end of the window', () => {
    const h = firings(tumbling('10 ms'), { trigger: triggers.continuousEventTime('4 ms') });
    h.push(click(1), 1);
    h.watermark(3);
    expect(h.output()).toEqual([]);
    h.watermark(4);
    expect(h.output()).toEqual(['1']);
    h.push(click(2), 6);
    h.watermark(9);
    expect(h.output()).toEqual(['1,2', '1,2']);
  });

  test('of a delta fires for a record that is further away than the threshold', () => {
    const trigger = triggers.delta<Click>(3, (last, now) => now.n - last.n);
    const h = firings(globalWindow(), { trigger });
    [0, 3, 4, 7, 8].forEach((n) => h.push(click(n), n));
    expect(h.output()).toEqual(['0,3,4', '0,3,4,7,8']);
  });

  test('with a timeout fires when the clock says that nothing else has', () => {
    const trigger = triggers.processingTimeout(triggers.count(2), '100 ms');
    const h = firings(globalWindow(), { trigger });
    h.push(click(1), 1);
    h.advance('99 ms');
    expect(h.output()).toEqual([]);
    h.advance('1 ms');
    expect(h.output()).toEqual(['1']);
  });

  test('of event time fires again for each key after a restore, though another key came first', () => {
    const h = firings(tumbling('10 ms'), { lateness: '10 ms' });
    h.push(click(1, 'a'), 1);
    h.push(click(2, 'b'), 1);
    h.watermark(9);
    expect(h.output()).toEqual(['1', '2']);
    h.restore(h.snapshot());
    h.push(click(3, 'a'), 2);
    h.push(click(4, 'b'), 2);
    h.watermark(9);
    expect(h.output()).toEqual(['1,3', '2,4']);
  });
});

describe('an evictor', () => {
  const evicted = (evictor: WindowTiming<Click>['evictor'] & object): readonly string[] => {
    const h = firings(tumbling('10 ms'), { evictor });
    [1, 5, 3].forEach((n) => h.push(click(n), n));
    h.watermark(9);
    return h.output();
  };

  test('of a count leaves the records that came last', () => {
    expect(evicted(evictors.count(2))).toEqual(['5,3']);
  });

  test('of a time leaves records that are younger than that, seen from the youngest', () => {
    expect(evicted(evictors.time('3 ms'))).toEqual(['5,3']);
  });

  test('of a delta leaves records that are nearer than the threshold to the last', () => {
    expect(evicted(evictors.delta<Click>(2, (each, last) => Math.abs(each.n - last.n)))).toEqual(['3']);
  });

  test('after the function lets it see all, and leaves less to the next firing', () => {
    const h = firings(globalWindow(), {
      trigger: triggers.count(2),
      evictor: evictors.count(1, { after: true }),
    });
    [1, 2, 3, 4].forEach((n) => h.push(click(n), n));
    expect(h.output()).toEqual(['1,2', '2,3,4']);
  });
});

test('windows with a natural stagger begin where the first record of the subtask came', () => {
  const h = firings(tumbling('10 ms', { time: 'processing', stagger: 'natural' }), {}, 4);
  h.push(click(1));
  h.advance('6 ms');
  h.push(click(2));
  expect(h.output()).toEqual([]);
  h.advance('4 ms');
  expect(h.output()).toEqual(['1,2']);
});
