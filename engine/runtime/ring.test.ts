import { Worker } from 'node:worker_threads';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadOf } from './ring-peer.fixture.ts';
import { allocateRing, maxPayloadBytes, RingReader, RingWriter } from './ring.ts';

describe('a ring', () => {
  it('gives back every frame as it was written, whatever their sizes and whoever is faster', () => {
    const steps = fc.array(fc.oneof(fc.nat(120), fc.constant('read' as const)), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (plan) => {
        const memory = allocateRing(288);
        const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
        const expected: number[][] = [];
        const read = () => {
          const payload = reader.peek();
          expect(payload === undefined ? undefined : [reader.kind, ...payload]).toEqual(expected.shift());
          if (payload !== undefined) reader.release();
        };
        for (const [index, step] of plan.entries()) {
          if (step === 'read') {
            read();
            continue;
          }
          const payload = payloadOf(index, 120).subarray(0, step);
          if (writer.write(3, payload)) expected.push([3, ...payload]);
          else expect(expected.length).toBeGreaterThan(0);
        }
        while (expected.length > 0) read();
        expect(reader.empty).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('takes a frame of the largest size wherever its positions are', () => {
    const memory = allocateRing(1024);
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    for (let round = 0; round < 200; round += 1) {
      expect(writer.write(1, new Uint8Array(round % 97))).toBe(true);
      reader.peek();
      reader.release();
      expect(writer.write(2, new Uint8Array(maxPayloadBytes(memory)))).toBe(true);
      expect(reader.peek()?.length).toBe(maxPayloadBytes(memory));
      reader.release();
    }
  });

  it('asks for a sign when it is full, and the reader gives one when there is room', () => {
    const memory = allocateRing(64);
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    writer.write(1, new Uint8Array(16));
    reader.peek();
    expect(reader.release()).toBe(false);
    while (writer.write(1, new Uint8Array(16)));
    reader.peek();
    expect(reader.release()).toBe(true);
  });

  it('carries frames of any size between two threads', async () => {
    const [frames, maxBytes] = [4000, 2000];
    const memory = allocateRing(8192);
    const reader = new RingReader(memory);
    const entry = new URL('./ring-peer.fixture.ts', import.meta.url);
    const worker = new Worker(entry, { workerData: { ringPeer: { ring: memory, frames, maxBytes } } });
    const failed = new Promise<never>((_, reject) => worker.once('error', reject));
    const readAll = async () => {
      for (let frame = 0; frame < frames;) {
        const payload = reader.peek();
        if (payload === undefined) {
          await new Promise((resolve) => setImmediate(resolve));
          continue;
        }
        if (Buffer.compare(payload, payloadOf(frame, maxBytes)) !== 0)
          throw new Error(`Frame ${frame} differs.`);
        expect(reader.kind).toBe(1 + (frame % 6));
        reader.release();
        frame += 1;
      }
    };
    await Promise.race([readAll(), failed]);
    await worker.terminate();
  }, 20_000);
});
