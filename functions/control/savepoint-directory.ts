import { bucketKeys } from '#contract/names.ts';
import { Problem } from '#contract/problems.ts';

/** Below it callers may put savepoints; those of deployments have folders of their own. */
const FREE_FOLDER = 'savepoints';

/**
 * The key of a folder that a caller names for savepoints of a deployment: `s3://bucket/savepoints/sales`, or the key alone.
 *
 * Everything else in the bucket belongs to the platform, and a worker may write to no other bucket.
 */
export function savepointDirectory(text: string, bucket: string, deploymentId: string): string {
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `s3://${bucket}/${text.replace(/^\/+/, '')}`;
  const root = `s3://${bucket}/`;
  const key = address.startsWith(root) ? address.slice(root.length).replace(/\/+$/, '') : '';
  const own = `${bucketKeys.checkpoints(deploymentId)}/savepoints`;
  const isAllowed = [FREE_FOLDER, own].some((folder) => key === folder || key.startsWith(`${folder}/`));
  if (isAllowed && !key.split('/').includes('..')) return key;
  throw new Problem(
    'invalid-request',
    `Cannot put a savepoint into "${text}": savepoints of this platform lie below "${root}${FREE_FOLDER}/"; give a folder there, or none`,
  );
}
