import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_WATERMARK, MIN_WATERMARK } from '../data/record-batch.ts';
import { WatermarkValve } from './watermark-valve.ts';

interface Input {
  readonly input?: number;
  readonly watermark?: number | 'min' | 'max';
  readonly idle?: boolean;
}

interface Output {
  readonly at: number;
  readonly watermark?: number | string;
  readonly idle?: boolean;
}

interface Case {
  readonly id: string;
  readonly title: string;
  readonly operator: { readonly channels: number };
  readonly input: readonly Input[];
  readonly output: readonly Output[];
}

/** What Flink 2.3's StatusWatermarkValve gave for each case. */
const cases = readFileSync(new URL('../../test/data/operators/valve.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

describe('WatermarkValve', () => {
  it('meets a suite that is not empty', () => {
    expect(cases.length).toBeGreaterThan(20);
  });

  it.each(cases.map((one) => [one.id, one] as const))(
    'gives what Flink gives: %s',
    (_, { operator, input, output }) => {
      const seen: Output[] = [];
      let at = 0;
      const valve = new WatermarkValve(operator.channels, {
        watermark: (watermark) => seen.push({ at, watermark: text(watermark) }),
        idle: (idle) => seen.push({ at, idle }),
      });
      for (const [index, one] of input.entries()) {
        at = index;
        const channel = (one.input ?? 1) - 1;
        if (one.watermark !== undefined) valve.inputWatermark(channel, number(one.watermark));
        if (one.idle !== undefined) valve.inputIdle(channel, one.idle);
      }
      expect(seen).toEqual(output);
    },
  );
});

function number(watermark: number | string): number {
  if (watermark === 'max') return MAX_WATERMARK;
  return watermark === 'min' ? MIN_WATERMARK : Number(watermark);
}

function text(watermark: number): number | string {
  return watermark === MAX_WATERMARK ? 'max' : watermark;
}
