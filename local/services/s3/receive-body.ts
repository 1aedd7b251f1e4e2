/** Takes the body of a PUT into a new blob: unframed, digested and verified on its way to the disk. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { AwsError } from '../service.ts';
import { AwsChunkedDecoder, isAwsChunked } from './aws-chunked.ts';
import type { Blobs, NewBlob } from './blobs.ts';
import { BodyDigest } from './checksums.ts';
import type { VerifiedBody } from './checksums.ts';

/** A body that arrived whole and whose checksums held; commit or discard its blob. */
export interface ReceivedBody extends VerifiedBody {
  readonly blob: NewBlob;
  readonly size: number;
}

/** Streams a body into a blob. A body that is cut off or fails a checksum leaves nothing behind. */
export async function receiveBody(
  blobs: Blobs,
  body: Readable,
  headers: IncomingHttpHeaders,
): Promise<ReceivedBody> {
  const blob = blobs.create();
  try {
    const decoder = isAwsChunked(headers) ? new AwsChunkedDecoder() : undefined;
    const digest = new BodyDigest(headers);
    let size = 0;
    // A refusal must still reach the client, so leaving the loop early must not destroy the connection.
    for await (const piece of body.iterator({ destroyOnReturn: false })) {
      // Bodies are streams of buffers; none has an encoding set.
      const bytes = piece as Buffer;
      for (const data of decoder === undefined ? [bytes] : decoder.decode(bytes)) {
        size += data.length;
        digest.update(data);
        await blob.write(data);
      }
    }
    if (decoder?.isComplete === false) throw incomplete();
    requireSize(headers, size);
    const verified = digest.verify(headers, decoder?.trailer ?? new Map());
    await blob.end();
    return { ...verified, blob, size };
  } catch (error) {
    await blob.discard();
    throw error;
  }
}

function requireSize(headers: IncomingHttpHeaders, size: number): void {
  const announced = headers['x-amz-decoded-content-length'];
  if (announced !== undefined && Number(announced) !== size) throw incomplete();
}

function incomplete(): AwsError {
  return new AwsError(
    400,
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  );
}
