/** What a worker leaves in the bucket: how its job ended, and the files of its savepoints. */
import * as z from 'zod';
import { bucketKeys } from '#contract/names.ts';
import { Failure } from '#contract/resources/job.ts';
import { deleteObjects, readText } from './bucket.ts';
import type { Bucket } from './bucket.ts';
import { objectsUnder } from './objects-under.ts';
import { stateBytesOf } from './savepoint-size.ts';

// Ours and Flink's; either is written last.
const MANIFEST = /\/(?:manifest\.json|_metadata)$/;

/** `end.json`, written by the worker when its job ended. */
export const JobEnd = z.looseObject({
  state: z.enum(['FINISHED', 'FAILED', 'CANCELED']),
  failure: z
    .looseObject({
      atMs: z.number().optional(),
      name: z.string().optional(),
      message: z.string(),
      stack: z.string().optional(),
      ...Failure.pick({
        operator: true,
        subtask: true,
        record: true,
        key: true,
        frames: true,
        source: true,
        restoredFrom: true,
      }).shape,
    })
    .nullish(),
  recordsIn: z.number().nullish(),
  recordsOut: z.number().nullish(),
});
export type JobEnd = z.infer<typeof JobEnd>;

/** A savepoint that is complete in the bucket. */
export interface SavepointFiles {
  /** s3:// address of the folder that holds the manifest: the engine makes one inside the folder it was given. */
  readonly location: string;
  readonly sizeBytes: number;
  readonly completedAt: Date;
}

/** Files of jobs in the bucket. */
export interface JobFileStore {
  /** Undefined when the worker ended without a word, such as by kill -9. */
  end(deploymentId: string, jobId: string): Promise<JobEnd | undefined>;
  /** Undefined until the manifest is there: it is written last. `location` is an s3:// address. */
  savepoint(location: string): Promise<SavepointFiles | undefined>;
  /** Deletes a savepoint, its manifest first: what a crash leaves is garbage and no savepoint. */
  disposeOf(location: string): Promise<void>;
  /** Name of the bucket. */
  readonly bucket: string;
  /** s3:// address of a folder or key in the bucket. */
  readonly address: (key: string) => string;
  /** Key of an s3:// address in the bucket. */
  readonly keyOf: (address: string) => string;
}

export function jobFileStore(bucket: Bucket): JobFileStore {
  const root = `s3://${bucket.name}/`;
  const keyOf = (address: string): string =>
    address.startsWith(root) ? address.slice(root.length) : address;
  return {
    async end(deploymentId, jobId) {
      const key = `${bucketKeys.checkpoints(deploymentId)}/jobs/${jobId}/end.json`;
      const found = await readText(bucket, key);
      return found === undefined ? undefined : JobEnd.parse(JSON.parse(found.text));
    },
    async savepoint(location) {
      const prefix = `${keyOf(location).replace(/\/$/, '')}/`;
      const objects = await objectsUnder(bucket, prefix);
      const manifest = objects.find(({ Key }) => MANIFEST.test(Key ?? ''));
      if (manifest?.Key === undefined || manifest.LastModified === undefined) return undefined;
      const present = objects.reduce((size, object) => size + (object.Size ?? 0), 0);
      // One of our engine names chunks that lie elsewhere.
      const text = manifest.Key.endsWith('.json') ? await readText(bucket, manifest.Key) : undefined;
      return {
        location: root + manifest.Key.replace(MANIFEST, ''),
        sizeBytes: stateBytesOf(text?.text ?? '') ?? present,
        completedAt: manifest.LastModified,
      };
    },
    async disposeOf(location) {
      const prefix = `${keyOf(location).replace(/\/$/, '')}/`;
      const keys = (await objectsUnder(bucket, prefix)).flatMap(({ Key }) => Key ?? []);
      const manifests = keys.filter((key) => MANIFEST.test(key));
      await deleteObjects(bucket, manifests);
      await deleteObjects(
        bucket,
        keys.filter((key) => !manifests.includes(key)),
      );
    },
    bucket: bucket.name,
    address: (key) => root + key,
    keyOf,
  };
}
