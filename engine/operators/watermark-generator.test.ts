import { describe, expect, it } from 'vitest';
import { MIN_WATERMARK, NO_TIME } from '../data/record-batch.ts';
import { WatermarkGenerator } from './watermark-generator.ts';

describe('a watermark generator', () => {
  it('raises its watermark at looks, and knows before how far it may', () => {
    const generator = new WatermarkGenerator({ outOfOrdernessMs: 10 });
    expect([generator.reached, generator.timed]).toEqual([MIN_WATERMARK, false]);
    generator.record('a', 100);
    expect([generator.watermark, generator.reached, generator.timed]).toEqual([MIN_WATERMARK, 89, true]);
    generator.look(0);
    generator.record('b', 50);
    generator.look(200);
    expect(generator.watermark).toBe(89);
  });

  it('is idle at a second look strictly beyond the timeout, and not when a record has come', () => {
    const generator = new WatermarkGenerator({ outOfOrdernessMs: 0, idleAfterMs: 500 });
    const looks = (...times: readonly number[]): readonly boolean[] =>
      times.map((now) => {
        generator.look(now);
        return generator.idle;
      });
    expect(looks(200, 400, 700, 701)).toEqual([false, false, false, true]);
    generator.record('a', 1);
    expect(generator.idle).toBe(false);
    // One long silence between two looks is one look.
    expect(looks(5000, 9000, 9500, 9501)).toEqual([false, false, false, true]);
    generator.record('b', 2);
    expect(looks(10_000, 10_200)).toEqual([false, false]);
    generator.pause();
    expect(looks(20_000, 20_500, 20_501)).toEqual([false, false, true]);
  });

  it('takes watermarks from records at once where they carry them', () => {
    const generator = new WatermarkGenerator({
      punctuated: (value: number | 'idle' | undefined) => value,
    });
    const seen = [5, 3, undefined, 'idle', 9].map((value) => {
      generator.record(value, NO_TIME);
      return [generator.watermark, generator.idle];
    });
    expect(seen).toEqual([
      [5, false],
      [5, false],
      [5, false],
      [5, true],
      [9, false],
    ]);
    generator.look(0);
    expect(generator.watermark).toBe(9);
  });
});
