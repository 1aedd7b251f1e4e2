import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FileFault } from './file-store.ts';

/** What the bytes of a gzip file hold, as it comes. Errors of the input pass through as they are. */
export async function* gunzipped(name: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const fed = pipeline(bytes, gunzip);
  // Its failure comes out of `gunzip` too, where it is handled.
  fed.catch(() => {});
  try {
    yield* gunzip;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!code.startsWith('Z_')) throw cause;
    throw new FileFault(`Cannot read file "${name}": it is not whole gzip data (${code}); write it again`, {
      cause,
    });
  } finally {
    gunzip.destroy();
  }
}
