import { describe, expect, it } from 'vitest';
import { MAX_WATERMARK, NO_TIME, type RecordBatch } from '../data/record-batch.ts';
import { SplitWatermarks } from './split-watermarks.ts';

/** Records with these times. */
function batch(...times: readonly number[]): RecordBatch {
  return { values: [...times], times: Float64Array.from(times), size: times.length };
}

describe('SplitWatermarks', () => {
  it('stays one millisecond behind the latest record less the disorder that is allowed', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 5000 });
    watermarks.add('a');
    watermarks.records('a', batch(7000, 10_000, 8000));
    expect(watermarks.next(0)).toBe(4999);
    watermarks.records('a', batch(9000));
    expect(watermarks.next(1)).toBeUndefined();
  });

  it('is that of the slowest split, and waits for a split without records', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0 });
    watermarks.add('a');
    watermarks.add('b');
    watermarks.records('a', batch(100));
    expect(watermarks.next(1)).toBeUndefined();
    watermarks.records('b', batch(50));
    expect(watermarks.next(2)).toBe(49);
    watermarks.remove('b');
    expect(watermarks.next(3)).toBe(99);
  });

  it('does not wait for an idle split, found by a second look strictly beyond the timeout', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0, idleAfterMs: 1000 });
    watermarks.add('a');
    watermarks.add('b');
    expect(watermarks.next(0)).toBeUndefined();
    watermarks.records('a', batch(100));
    expect(watermarks.next(1000)).toBeUndefined();
    expect(watermarks.next(1001)).toBe(99);
    expect(watermarks.idle).toBe(false);
    expect([watermarks.next(2001), watermarks.idle]).toEqual([undefined, false]);
    expect([watermarks.next(2002), watermarks.idle]).toEqual([undefined, true]);
    watermarks.records('b', batch(200));
    expect([watermarks.next(2003), watermarks.idle]).toEqual([199, false]);
  });

  it('lets no idleness pass while the source, or a split, is held back', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0, idleAfterMs: 1000 });
    watermarks.add('a');
    watermarks.add('b');
    watermarks.next(0);
    watermarks.pause();
    watermarks.next(5000);
    expect(watermarks.idle).toBe(false);
    watermarks.pause(['a']);
    watermarks.records('a', batch(300));
    expect(watermarks.next(6001)).toBe(299);
    watermarks.pause(['a']);
    watermarks.next(9000);
    expect(watermarks.idle).toBe(false);
  });

  it('never goes back, and says nothing of records without time', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0 });
    watermarks.add('a');
    watermarks.records('a', batch(NO_TIME));
    expect(watermarks.next(0)).toBeUndefined();
    watermarks.records('a', batch(100));
    expect(watermarks.next(0)).toBe(99);
    watermarks.add('late');
    watermarks.records('late', batch(10));
    expect(watermarks.next(0)).toBeUndefined();
  });

  it('waits for a bounded split, however long it is quiet', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0, idleAfterMs: 1000 });
    watermarks.add('read', { bounded: true });
    watermarks.add('unread', { bounded: true });
    watermarks.records('read', batch(100));
    watermarks.next(5000);
    expect([watermarks.next(9000), watermarks.idle]).toEqual([undefined, false]);
    watermarks.remove('unread');
    expect(watermarks.next(9000)).toBe(99);
  });

  it('stands right before the earliest record that a split may bring', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 50 });
    watermarks.add('live', { notBefore: 1000 });
    expect(watermarks.next(0)).toBe(999);
    watermarks.records('live', batch(1010));
    expect(watermarks.next(0)).toBeUndefined();
    watermarks.records('live', batch(1100));
    expect(watermarks.next(0)).toBe(1049);
  });

  it('takes watermarks from records that carry them, and waits for none of a split that says so', () => {
    const watermarks = new SplitWatermarks({
      punctuated: (value: number) => (value < 0 ? 'idle' : value % 10 === 0 ? value : undefined),
    });
    watermarks.add('a');
    watermarks.add('b');
    watermarks.records('a', batch(7, 20, 31));
    expect(watermarks.next(0)).toBeUndefined();
    watermarks.records('b', batch(-1));
    expect(watermarks.next(0)).toBe(20);
  });

  it('knows which splits are beyond a limit before anyone has looked', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 10 });
    watermarks.add('a');
    watermarks.add('b');
    watermarks.records('a', batch(1000));
    expect(watermarks.beyond(988)).toEqual(new Set(['a']));
    expect(watermarks.beyond(989)).toEqual(new Set());
    expect([watermarks.onlyIn(new Set(['a'])), watermarks.onlyIn(new Set(['a', 'b']))]).toEqual([
      false,
      true,
    ]);
  });

  it('is idle without a split, and as high as can be', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0 });
    expect([watermarks.idle, watermarks.lowest]).toEqual([true, MAX_WATERMARK]);
  });
});
