import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';

const TIMEOUT_MS = 30_000;

/** What a GET brought. */
export interface Download {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** Downloads one object. Node's `fetch` would do it too, and keep 20 MB of memory for the life of the worker. */
export async function download(url: string): Promise<Download> {
  const response = await respond(new URL(url));
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    // No encoding is set on the response, so its chunks are buffers.
    chunks.push(chunk as Buffer);
  }
  return { status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) };
}

function respond(url: URL): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? getSecurely : get;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    send(url, { agent: false, signal }, resolve).on('error', reject);
  });
}
