/** Compresses answers as a distribution does, and remembers what does not change. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Answer } from '../apigateway/answer.ts';

// CloudFront compresses what lies between these sizes.
const smallestBytes = 1_000;
const largestBytes = 10_000_000;
const cachedBytesMax = 16 * 1024 * 1024;
const compressible =
  /^(?:text\/|application\/(?:json|javascript|xml|wasm|manifest\+json|problem\+json)|image\/svg\+xml|font\/(?:ttf|otf))/;

const brotli = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** Compressed bodies by encoding and content: a tag says nothing about which resource it is of. */
export class Compression {
  readonly #cache = new Map<string, Buffer>();
  #cachedBytes = 0;

  /** The answer in an encoding that the client accepts, or unchanged. */
  async apply(answer: Answer, acceptEncoding: string): Promise<Answer> {
    const encoding = /\bbr\b/.test(acceptEncoding)
      ? 'br'
      : /\bgzip\b/.test(acceptEncoding)
        ? 'gzip'
        : undefined;
    if (encoding === undefined || !isCompressible(answer)) return answer;
    const etag = answer.headers['etag'];
    const key = `${encoding} ${createHash('sha256').update(answer.body).digest('base64')}`;
    const body = this.#cache.get(key) ?? (await compress(answer.body, encoding));
    this.#remember(key, body);
    const headers = { ...answer.headers, 'content-encoding': encoding, vary: 'accept-encoding' };
    // Other bytes under the same strong tag would be a lie, so it becomes a weak one.
    return {
      ...answer,
      headers: { ...headers, ...(typeof etag === 'string' ? { etag: weak(etag) } : {}) },
      body,
    };
  }

  #remember(key: string, body: Buffer): void {
    if (this.#cache.has(key)) return;
    if (this.#cachedBytes + body.length > cachedBytesMax) {
      this.#cache.clear();
      this.#cachedBytes = 0;
    }
    this.#cache.set(key, body);
    this.#cachedBytes += body.length;
  }
}

function isCompressible(answer: Answer): boolean {
  const size = answer.body.length;
  const type = answer.headers['content-type'];
  return (
    answer.status === 200 &&
    size >= smallestBytes &&
    size <= largestBytes &&
    answer.headers['content-encoding'] === undefined &&
    typeof type === 'string' &&
    compressible.test(type)
  );
}

function compress(body: Buffer, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') return gzipAsync(body);
  // The default, 11, takes seconds for a megabyte; 5 is what CloudFront's own sizes suggest.
  return brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
}

function weak(etag: string): string {
  return etag.startsWith('W/') ? etag : `W/${etag}`;
}
