/** What only the worker of one job is given, in the bucket from the start of its task until the job runs. */
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { bucketKeys } from '#contract/names.ts';
import { deleteObjects } from './bucket.ts';
import type { Bucket } from './bucket.ts';
import { objectsUnder } from './objects-under.ts';

/** Secrets of one start of one job. */
export interface LaunchSecrets {
  readonly jobId: string;
  readonly id: string;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Secrets on their way to workers; no role of a job can read the folder, so an address is the only way. */
export interface LaunchStore {
  /** Keeps them and answers a presigned address, which goes to the task and into no log. */
  kept(launch: LaunchSecrets, expiresInSeconds: number): Promise<string>;
  /** Removes all that was kept for a job; nothing there is fine. */
  removed(jobId: string): Promise<void>;
}

export function launchStore(bucket: Bucket): LaunchStore {
  return {
    async kept({ jobId, id, secrets }, expiresIn) {
      const object = { Bucket: bucket.name, Key: `${bucketKeys.launches(jobId)}/${id}.json` };
      await bucket.client.send(
        new PutObjectCommand({ ...object, Body: JSON.stringify(secrets), ContentType: 'application/json' }),
      );
      return getSignedUrl(bucket.client, new GetObjectCommand(object), { expiresIn });
    },
    async removed(jobId) {
      const found = await objectsUnder(bucket, `${bucketKeys.launches(jobId)}/`);
      await deleteObjects(
        bucket,
        found.flatMap(({ Key }) => Key ?? []),
      );
    },
  };
}
