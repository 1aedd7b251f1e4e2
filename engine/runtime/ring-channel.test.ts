import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchCodec } from '../data/batch-codec.ts';
import { t } from '../data/built-in-types.ts';
import type { InputChannel } from './channel.ts';
import { BARRIER, NOTHING, RECORDS, WATERMARK } from './element.ts';
import { LocalChannel } from './local-channel.ts';
import { RingInput, RingOutput } from './ring-channel.ts';
import { allocateRing } from './ring.ts';

const type = t.row({ id: t.int, text: t.string });

/** All that a channel has now, records as their values. */
function drain(channel: InputChannel): unknown[] {
  const elements: unknown[] = [];
  for (let element = channel.poll(); element !== NOTHING; element = channel.poll()) {
    if (element === RECORDS) elements.push(...channel.batch.values.slice(0, channel.batch.size));
    else elements.push([element, channel.number]);
  }
  return elements;
}

function ringChannel(bytes = 64 * 1024) {
  const memory = allocateRing(bytes);
  const rung = { reader: 0, writer: 0 };
  const output = new RingOutput(memory, batchCodec(type), () => (rung.reader += 1));
  const input = new RingInput(memory, batchCodec(type), () => (rung.writer += 1));
  return { output, input, rung };
}

describe('a ring channel', () => {
  it('keeps the order of records and marks, whatever the sizes and whenever the reader comes', () => {
    const step = fc.oneof(
      fc.record({
        id: fc.integer({ min: -1e9, max: 1e9 }),
        text: fc.string({ unit: 'grapheme', maxLength: 40 }),
      }),
      fc.constant('watermark' as const),
      fc.constant('read' as const),
      fc.constant('flush' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const { output, input } = ringChannel(2048);
        const [written, read]: [unknown[], unknown[]] = [[], []];
        for (const [index, one] of steps.entries()) {
          if (one === 'read') read.push(...drain(input));
          else if (one === 'flush') output.flush();
          else if (one === 'watermark') {
            output.mark(WATERMARK, index);
            written.push([WATERMARK, index]);
          } else {
            output.write(one, index);
            written.push(one);
          }
        }
        do {
          output.flush();
          read.push(...drain(input));
        } while (!output.makeRoom());
        output.flush();
        read.push(...drain(input));
        expect(read).toEqual(written);
      }),
      { numRuns: 100 },
    );
  });

  it('carries a record that is larger than the ring', () => {
    const { output, input } = ringChannel(8192);
    const record = { id: 1, text: 'å'.repeat(100_000) };
    output.write(record, 5);
    output.mark(BARRIER, 3);
    const read: unknown[] = [];
    while (!output.makeRoom()) {
      read.push(...drain(input));
      output.flush();
    }
    read.push(...drain(input));
    expect(read).toEqual([record, [BARRIER, 3]]);
  });

  it('is blocked while frames wait, and rings when there is something and when there is room', () => {
    const { output, input, rung } = ringChannel(256);
    for (let id = 0; output.makeRoom(); id += 1) {
      output.write({ id, text: '' }, 0);
      output.flush();
    }
    expect(rung.reader).toBeGreaterThan(0);
    drain(input);
    expect(rung.writer).toBe(1);
    output.flush();
    expect(output.makeRoom()).toBe(true);
  });
});

describe('a local channel', () => {
  it('keeps the order of records and marks, and gives the objects themselves', () => {
    const channel = new LocalChannel(
      () => undefined,
      () => undefined,
    );
    const records = Array.from({ length: 600 }, (_, id) => ({ id }));
    for (const record of records.slice(0, 300)) channel.write(record, 1);
    channel.mark(WATERMARK, 9);
    for (const record of records.slice(300)) channel.write(record, 1);
    channel.flush();
    const read = drain(channel);
    expect(read).toEqual([...records.slice(0, 300), [WATERMARK, 9], ...records.slice(300)]);
    expect(read[0]).toBe(records[0]);
  });

  it('is blocked by eight elements, and wakes its writer when the first of them is taken', () => {
    const woken: string[] = [];
    const channel = new LocalChannel(
      () => woken.push('reader'),
      () => woken.push('writer'),
    );
    for (let mark = 0; mark < 8; mark += 1) channel.mark(WATERMARK, mark);
    expect([channel.makeRoom(), woken]).toEqual([false, ['reader']]);
    channel.poll();
    expect([channel.makeRoom(), woken]).toEqual([true, ['reader', 'writer']]);
  });
});
