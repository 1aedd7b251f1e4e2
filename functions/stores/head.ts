/** `head.json` of a deployment: who may commit checkpoints, and which one is the newest. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { bucketKeys } from '#contract/names.ts';
import { isRefused, readText, writtenAt } from './bucket.ts';
import type { Bucket } from './bucket.ts';

/** The newest committed checkpoint, as the worker wrote it. */
export const HeadCheckpoint = z.looseObject({ id: z.int(), manifest: z.string() });
export type HeadCheckpoint = z.infer<typeof HeadCheckpoint>;

/** Content of `head.json`. */
export const Head = z.object({
  /** Every worker with a lower one is fenced: its next commit is refused. */
  epoch: z.int().min(1),
  jobId: z.string(),
  checkpoint: HeadCheckpoint.optional(),
});
export type Head = z.infer<typeof Head>;

/** A head with the ETag that a swap must name. */
export interface HeadAt {
  readonly head: Head;
  readonly etag: string;
}

/** Heads by deployment; written by compare-and-swap only. */
export interface HeadStore {
  read(deploymentId: string): Promise<HeadAt | undefined>;
  /** False when it changed since it was read; then nothing was written. `before` undefined: there was none. */
  swap(deploymentId: string, head: Head, before: HeadAt | undefined): Promise<boolean>;
  /** When the checkpoint was committed; undefined when its manifest is gone. */
  checkpointAt(checkpoint: HeadCheckpoint): Promise<Date | undefined>;
}

export function headStore(bucket: Bucket): HeadStore {
  const keyOf = (deploymentId: string): string => `${bucketKeys.checkpoints(deploymentId)}/head.json`;
  return {
    async read(deploymentId) {
      const found = await readText(bucket, keyOf(deploymentId));
      return found === undefined ? undefined : { head: Head.parse(JSON.parse(found.text)), etag: found.etag };
    },
    async swap(deploymentId, head, before) {
      try {
        await bucket.client.send(
          new PutObjectCommand({
            Bucket: bucket.name,
            Key: keyOf(deploymentId),
            Body: JSON.stringify(head),
            ContentType: 'application/json',
            ...(before === undefined ? { IfNoneMatch: '*' } : { IfMatch: before.etag }),
          }),
        );
        return true;
      } catch (error) {
        if (isRefused(error)) return false;
        throw error;
      }
    },
    checkpointAt: (checkpoint) => writtenAt(bucket, checkpoint.manifest),
  };
}
