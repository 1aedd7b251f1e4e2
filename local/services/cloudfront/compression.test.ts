import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Compression } from './compression.ts';

function answer(text: string) {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', etag: '"10"' },
    body: Buffer.from(JSON.stringify({ text: text.repeat(1000) })),
  };
}

describe('the compression of a distribution', () => {
  test('keeps two resources apart that carry the same tag', async () => {
    const compression = new Compression();
    const first = await compression.apply(answer('a'), 'br');
    const second = await compression.apply(answer('b'), 'br');
    expect(brotliDecompressSync(first.body)).toEqual(answer('a').body);
    expect(brotliDecompressSync(second.body)).toEqual(answer('b').body);
    expect(second.headers['etag']).toBe('W/"10"');
  });
});
