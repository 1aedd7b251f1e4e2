import type { Writable } from 'node:stream';

/** Sends everything that is written to a stream from now on through a mask; what slots print comes this way too. */
export function maskOutput(stream: Writable, mask: (text: string) => string): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean; // One of its overloads.
  const masked = (chunk: unknown, ...rest: unknown[]): boolean => {
    if (typeof chunk === 'string') return write(mask(chunk), ...rest);
    return write(chunk instanceof Uint8Array ? mask(Buffer.from(chunk).toString('utf8')) : chunk, ...rest);
  };
  stream.write = masked as typeof stream.write; // It takes whatever they all take.
}
