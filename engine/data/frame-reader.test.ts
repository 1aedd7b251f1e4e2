import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'of ASCII': ['', 'short', 'sensor-000000001', 'a text that is longer than a slice'],
  'beyond ASCII': ['Größe der Straße', 'short', 'naïve café, again and again'],
  'beyond Latin-1': ['日本語のとても長いテキストです', '', 'and one of ASCII'],
};

function written(texts: readonly string[]): Uint8Array {
  const out = new FrameWriter();
  for (const text of texts) out.string(text);
  return out.finish().slice();
}

describe('a frame reader', () => {
  for (const [kind, texts] of Object.entries(TEXTS)) {
    it(`reads strings ${kind} alike, whether they get memory of their own or not`, () => {
      const reader = new FrameReader();
      for (const owns of [true, false]) {
        reader.ownStrings = owns;
        reader.open(written(texts));
        expect(texts.map(() => reader.string())).toEqual(texts);
      }
    });
  }

  it('gives strings of their own only while it is asked to', () => {
    const texts = TEXTS['of ASCII'] ?? [];
    const reader = new FrameReader();
    reader.ownStrings = true;
    reader.open(written(texts));
    const read = texts.map((_, index) => {
      reader.ownStrings = index % 2 === 0;
      return reader.string();
    });
    expect(read).toEqual(texts);
  });

  it('reads nothing behind a frame where the length of a string of its own is damaged', () => {
    const frame = written(['sensor-000000001']);
    const room = new Uint8Array(frame.byteLength + 64).fill(0x78);
    room.set(frame);
    const damaged = room.subarray(0, frame.byteLength);
    const lengthAt = damaged.indexOf(16, 12);
    damaged[lengthAt] = 40;
    const reader = new FrameReader();
    reader.ownStrings = true;
    reader.open(damaged);
    expect(reader.string()).toBe('sensor-000000001');
  });
});
