import { readFileSync } from 'node:fs';
import type { AssemblyStack } from './assembly.ts';
import type { Cloud } from './cloud.ts';

/**
 * Makes the assets of a stack known, and puts its single files into the bucket where `cdk deploy` puts them on AWS.
 * Directories would have to be zipped, but what reads them here, functions and deployments, reads them in place.
 */
export async function publishAssets(source: AssemblyStack, bucket: string, cloud: Cloud): Promise<void> {
  cloud.s3.createBucket(bucket);
  const published = new Set(cloud.s3.listKeys(bucket, ''));
  for (const asset of source.assets) {
    cloud.assets.set(asset.objectKey, asset);
    // Keys are hashes of the content, so an object that is there is the right one.
    if (asset.isDirectory || published.has(asset.objectKey) || asset.objectKey.endsWith('.template.json'))
      continue;
    await cloud.s3.putObject(bucket, asset.objectKey, readFileSync(asset.path));
  }
}
