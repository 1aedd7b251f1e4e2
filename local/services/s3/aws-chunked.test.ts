import { array, assert, integer, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { AwsChunkedDecoder } from './aws-chunked.ts';

const frame = (chunks: readonly Uint8Array[], trailer: string): Buffer =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)};chunk-signature=ab\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`0\r\n${trailer}\r\n`),
  ]);

function decode(pieces: readonly Buffer[]): { data: Buffer; decoder: AwsChunkedDecoder } {
  const decoder = new AwsChunkedDecoder();
  return { data: Buffer.concat(pieces.flatMap((piece) => decoder.decode(piece))), decoder };
}

test('any chunks come back whole, wherever the network cuts the body', () => {
  const chunks = array(uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
  assert(
    property(chunks, integer({ min: 1, max: 50 }), (data, pieceBytes) => {
      const body = frame(data, 'x-amz-checksum-crc32:AAAAAA==\r\n');
      const pieces = Array.from({ length: Math.ceil(body.length / pieceBytes) }, (_, i) =>
        body.subarray(i * pieceBytes, (i + 1) * pieceBytes),
      );
      const decoded = decode(pieces);
      expect(decoded.data.equals(Buffer.concat(data))).toBe(true);
      expect(decoded.decoder.isComplete).toBe(true);
      expect(decoded.decoder.trailer.get('x-amz-checksum-crc32')).toBe('AAAAAA==');
    }),
  );
});

test('a body is complete only once its last chunk was seen', () => {
  const body = frame([Buffer.from('hello')], '');
  const lastChunkAt = body.indexOf('0\r\n\r\n');
  for (let length = 0; length <= lastChunkAt; length++) {
    expect(decode([body.subarray(0, length)]).decoder.isComplete).toBe(false);
  }
});

test.each([
  ['a size that is no number', 'zz\r\n'],
  ['data longer than its size', '5\r\nhelloX\r\n'],
  ['a negative size', '-1\r\n'],
  ['a line without end', '0'.repeat(20_000)],
])('a body with %s is refused', (_, body) => {
  expect(() => decode([Buffer.from(body)])).toThrow('malformed');
});
