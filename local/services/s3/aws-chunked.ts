/**
 * The framing `aws-chunked`, in which the SDKs send streams: `<hex size>[;chunk-signature=…]\r\n<data>\r\n`, a chunk
 * of size 0, then trailer lines. A server that stores the framing as data corrupts every streamed object.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../service.ts';

const lineBytesMax = 16 * 1024;

type Expecting = 'size' | 'data' | 'end-of-data' | 'trailer' | 'nothing';

export function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  const encodings = headers['content-encoding'] ?? '';
  const payload = String(headers['x-amz-content-sha256'] ?? '');
  return encodings.includes('aws-chunked') || payload.startsWith('STREAMING-');
}

/** Takes the framing off, piece by piece as it arrives. */
export class AwsChunkedDecoder {
  readonly trailer = new Map<string, string>();
  #expecting: Expecting = 'size';
  #left = 0;
  #line: Buffer = Buffer.alloc(0);

  /** Whether the last chunk has been seen; a body that ends earlier was cut off. */
  get isComplete(): boolean {
    return this.#expecting === 'trailer' || this.#expecting === 'nothing';
  }

  /** Data bytes in a piece of the body, as views of it. */
  decode(piece: Buffer): Buffer[] {
    const data: Buffer[] = [];
    let at = 0;
    while (at < piece.length && this.#expecting !== 'nothing') {
      if (this.#expecting === 'data') {
        const end = Math.min(piece.length, at + this.#left);
        data.push(piece.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#expecting = 'end-of-data';
      } else {
        at = this.#readLine(piece, at);
      }
    }
    return data;
  }

  /** Collects bytes up to a line feed, which may lie in a later piece, and acts on the line. */
  #readLine(piece: Buffer, from: number): number {
    const feed = piece.indexOf(0x0a, from);
    const end = feed < 0 ? piece.length : feed + 1;
    this.#line = Buffer.concat([this.#line, piece.subarray(from, end)]);
    if (this.#line.length > lineBytesMax) throw malformed();
    if (feed < 0) return end;
    const line = this.#line.toString('latin1').trimEnd();
    this.#line = Buffer.alloc(0);
    this.#take(line);
    return end;
  }

  #take(line: string): void {
    if (this.#expecting === 'end-of-data') {
      if (line !== '') throw malformed();
      this.#expecting = 'size';
    } else if (this.#expecting === 'size') {
      const size = /^([0-9a-fA-F]{1,12})(?:;.*)?$/.exec(line)?.[1];
      if (size === undefined) throw malformed();
      this.#left = Number.parseInt(size, 16);
      this.#expecting = this.#left === 0 ? 'trailer' : 'data';
    } else if (line === '') {
      this.#expecting = 'nothing';
    } else {
      const colon = line.indexOf(':');
      this.trailer.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  }
}

function malformed(): AwsError {
  return new AwsError(400, 'InvalidRequest', 'The aws-chunked body is malformed.');
}
