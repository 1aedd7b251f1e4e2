import { describe, expect, it } from 'vitest';
import { NO_TIME } from '../data/record-batch.ts';
import { SplitWatermarks } from './split-watermarks.ts';

describe('SplitWatermarks', () => {
  it('stays one millisecond behind the latest record less the disorder that is allowed', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 5000 });
    watermarks.add('a', 0);
    watermarks.records('a', 10_000, 0);
    expect(watermarks.next(0)).toBe(4999);
    watermarks.records('a', 9000, 1);
    expect(watermarks.next(1)).toBeUndefined();
  });

  it('is that of the slowest split, and waits for a split without records', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0 });
    watermarks.add('a', 0);
    watermarks.add('b', 0);
    watermarks.records('a', 100, 0);
    expect(watermarks.next(1)).toBeUndefined();
    watermarks.records('b', 50, 1);
    expect(watermarks.next(2)).toBe(49);
    watermarks.remove('b');
    expect(watermarks.next(3)).toBe(99);
  });

  it('does not wait for an idle split, counted strictly beyond the timeout', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0, idleMs: 1000 });
    watermarks.add('a', 0);
    watermarks.add('b', 0);
    watermarks.records('a', 100, 1000);
    expect(watermarks.next(1000)).toBeUndefined();
    expect(watermarks.next(1001)).toBe(99);
    expect(watermarks.idle).toBe(false);
    expect([watermarks.next(2001), watermarks.idle]).toEqual([undefined, true]);
    watermarks.records('b', 200, 2002);
    expect([watermarks.next(2002), watermarks.idle]).toEqual([199, false]);
  });

  it('lets no idleness pass while the source is held back', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0, idleMs: 1000 });
    watermarks.add('a', 0);
    watermarks.pause(5000);
    watermarks.next(5500);
    expect(watermarks.idle).toBe(false);
  });

  it('never goes back, and says nothing of records without time', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0 });
    watermarks.add('a', 0);
    watermarks.records('a', NO_TIME, 0);
    expect(watermarks.next(0)).toBeUndefined();
    watermarks.records('a', 100, 0);
    expect(watermarks.next(0)).toBe(99);
    watermarks.add('late', 0);
    watermarks.records('late', 10, 0);
    expect(watermarks.next(0)).toBeUndefined();
  });

  it('waits for a bounded split, however long it is quiet', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0, idleMs: 1000 });
    watermarks.add('read', 0, { bounded: true });
    watermarks.add('unread', 0, { bounded: true });
    watermarks.records('read', 100, 5000);
    expect([watermarks.next(9000), watermarks.idle]).toEqual([undefined, false]);
    watermarks.remove('unread');
    expect(watermarks.next(9000)).toBe(99);
  });

  it('counts a split that is read in its turn from its first record on', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 0 });
    const time = { bounded: true, inTurn: true };
    for (const split of ['first', 'second', 'third']) watermarks.add(split, 0, time);
    expect(watermarks.next(0)).toBeUndefined();
    watermarks.records('first', 100, 0);
    expect(watermarks.next(0)).toBe(99);
    watermarks.remove('first');
    expect([watermarks.next(0), watermarks.idle]).toEqual([undefined, false]);
    watermarks.records('second', 200, 0);
    expect(watermarks.next(0)).toBe(199);
  });

  it('stands right before the earliest record that a split may bring', () => {
    const watermarks = new SplitWatermarks({ outOfOrdernessMs: 50 });
    watermarks.add('live', 0, { notBefore: 1000 });
    expect(watermarks.next(0)).toBe(999);
    watermarks.records('live', 1010, 0);
    expect(watermarks.next(0)).toBeUndefined();
    watermarks.records('live', 1100, 0);
    expect(watermarks.next(0)).toBe(1049);
  });

  it('is idle without a split', () => {
    expect(new SplitWatermarks({ outOfOrdernessMs: 0 }).idle).toBe(true);
  });
});
