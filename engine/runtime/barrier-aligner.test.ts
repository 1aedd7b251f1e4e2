import { describe, expect, it } from 'vitest';
import { BarrierAligner } from './barrier-aligner.ts';

describe('BarrierAligner', () => {
  it('blocks a channel behind its barrier until every other has brought its own', () => {
    const aligner = new BarrierAligner(3);
    expect(aligner.barrier(0, 1)).toBeUndefined();
    expect([0, 1, 2].map((channel) => aligner.blocks(channel))).toEqual([true, false, false]);
    expect(aligner.barrier(2, 1)).toBeUndefined();
    expect(aligner.barrier(1, 1)).toBe(1);
    expect([0, 1, 2].some((channel) => aligner.blocks(channel))).toBe(false);
  });

  it('completes at once with a single channel', () => {
    expect(new BarrierAligner(1).barrier(0, 7)).toBe(7);
  });

  it('waits for no channel that has ended, whenever it ends', () => {
    const aligner = new BarrierAligner(3);
    expect(aligner.end(0)).toBeUndefined();
    expect(aligner.barrier(1, 4)).toBeUndefined();
    expect(aligner.end(2)).toBe(4);
    expect(aligner.barrier(1, 5)).toBe(5);
  });

  it('gives channels free when their checkpoint is given up, and passes over its late barriers', () => {
    const aligner = new BarrierAligner(2);
    aligner.barrier(0, 1);
    aligner.abort(1);
    expect(aligner.blocks(0)).toBe(false);
    expect(aligner.barrier(1, 1)).toBeUndefined();
    expect(aligner.blocks(1)).toBe(false);
    aligner.barrier(1, 2);
    expect(aligner.barrier(0, 2)).toBe(2);
  });

  it('lets a newer checkpoint end an older alignment', () => {
    const aligner = new BarrierAligner(2);
    aligner.barrier(0, 1);
    expect(aligner.barrier(1, 2)).toBeUndefined();
    expect([aligner.blocks(0), aligner.blocks(1)]).toEqual([false, true]);
    expect(aligner.barrier(0, 2)).toBe(2);
  });
});
