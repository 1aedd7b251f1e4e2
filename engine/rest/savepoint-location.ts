import { RestError } from './rest-error.ts';

/**
 * Key of a location in the bucket of the job's checkpoints.
 * Flink's clients name directories by URI; a text without a scheme is a key as it stands.
 */
export function keyOfLocation(location: string, bucket: string): string {
  const uri = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/]*))?\/*(.*)$/i.exec(location);
  const key = (uri?.[3] ?? location).replace(/^\/+|\/+$/g, '');
  if (uri !== null && (!/^s3[an]?$/i.test(uri[1] ?? '') || uri[2] !== bucket)) {
    throw new RestError(400, `Cannot use location "${location}": it must be a key in "s3://${bucket}/"`);
  }
  if (key === '') {
    throw new RestError(400, `Cannot use location "${location}": it names the whole bucket; add a directory`);
  }
  return key;
}

export function locationOfKey(key: string, bucket: string): string {
  return `s3://${bucket}/${key}`;
}

/**
 * The directory of one savepoint below the directory that was asked for, named as Flink names it.
 * It follows from the trigger, so a request that is sent twice means one savepoint.
 */
export function savepointDirectory(parent: string, jobId: string, triggerId: string): string {
  return `${parent}/savepoint-${jobId.slice(0, 6)}-${triggerId.slice(0, 12)}`;
}
