import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineCutter, payloadsOf } from './line-cutter.ts';

interface Cut {
  readonly text: string;
  readonly start: number;
}

/** All lines of the text, which comes in chunks that end at these places. */
function cutAt(text: string, ends: readonly number[], at: number): { lines: Cut[]; end: number } {
  const cutter = new LineCutter(at);
  const bytes = Buffer.from(text);
  const places = [...new Set([0, ...ends.map((end) => end % (bytes.length + 1)), bytes.length])].toSorted(
    (left, right) => left - right,
  );
  const found = places
    .slice(1)
    .flatMap((end, index) => cutter.cut(bytes.subarray(places[index], end)))
    .concat(cutter.rest());
  const lines = found.flatMap((each) =>
    payloadsOf(each, 0, each.starts.length).map((payload, index) => ({
      text: Buffer.from(payload).toString(),
      start: each.starts[index] ?? Number.NaN,
    })),
  );
  return { lines, end: found.at(-1)?.end ?? at };
}

describe('a line cutter', () => {
  test('gives the lines of a text, however it comes', () => {
    const texts = fc
      .array(fc.string({ maxLength: 5 }).map((line) => line.replaceAll('\n', ' ')))
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(texts, fc.array(fc.nat()), fc.nat({ max: 100 }), (text, ends, at) => {
        const wanted: Cut[] = [];
        let start = at;
        for (const line of text.split('\n')) {
          wanted.push({ text: line, start });
          start += Buffer.byteLength(line) + 1;
        }
        // Behind the last line feed there is a line only if something stands there.
        if (wanted.at(-1)?.text === '') wanted.pop();
        const { lines, end } = cutAt(text, ends, at);
        expect(lines).toEqual(wanted);
        expect(end).toBe(at + Buffer.byteLength(text));
      }),
    );
  });
});
