import { ListObjectsV2Command, type _Object } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';

/** The objects of a bucket below a prefix, of all pages. */
export async function objectsUnder(bucket: Bucket, prefix: string): Promise<readonly _Object[]> {
  const objects: _Object[] = [];
  let token: string | undefined;
  do {
    const page = await bucket.client.send(
      new ListObjectsV2Command({
        Bucket: bucket.name,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    objects.push(...(page.Contents ?? []));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}
