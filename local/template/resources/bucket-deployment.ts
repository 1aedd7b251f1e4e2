/** The CDK's BucketDeployment: copies a directory of the assembly into a bucket. */
import { readFileSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { extname, join, relative, sep } from 'node:path';
import { object, texts } from '../../input.ts';
import type { S3 } from '../../services/s3/s3.ts';
import type { ResourceKind } from '../resource-kind.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

const bucketDeployment: ResourceKind = {
  attribute: (resource, name) =>
    name === 'DestinationBucketArn'
      ? `arn:aws:s3:::${String(resource.property('DestinationBucketName'))}`
      : undefined,
  async deploy(resource, cloud) {
    const properties = resource.properties();
    const bucket = String(properties['DestinationBucketName']);
    const given = properties['DestinationBucketKeyPrefix'];
    const prefix = typeof given === 'string' && given !== '' ? `${given.replaceAll(/^\/|\/$/g, '')}/` : '';
    const headers = Object.entries(object(properties, 'SystemMetadata')).map(([name, value]) => [
      name,
      String(value),
    ]);
    const kept = new Set<string>();
    for (const key of texts(properties, 'SourceObjectKeys')) {
      const asset = cloud.assets.get(key);
      if (asset === undefined || !asset.isDirectory)
        throw new Error(`its source "${key}" is no directory of the assembly`);
      for (const file of filesIn(asset.path)) {
        const name = prefix + relative(asset.path, file).split(sep).join('/');
        kept.add(name);
        await copy(cloud.s3, { bucket, key: name, file, headers: Object.fromEntries(headers) });
      }
    }
    // Pruning is what the CDK does unless told otherwise.
    if (properties['Prune'] === false || properties['Prune'] === 'false') return;
    for (const key of cloud.s3.listKeys(bucket, prefix))
      if (!kept.has(key)) cloud.s3.deleteObject(bucket, key);
  },
};

/** Custom resources that copy files. */
export const bucketDeploymentKinds: Readonly<Record<string, ResourceKind>> = {
  'Custom::CDKBucketDeployment': bucketDeployment,
};

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

interface Copy {
  readonly bucket: string;
  readonly key: string;
  readonly file: string;
  readonly headers: Record<string, string>;
}

async function copy(s3: S3, { bucket, key, file, headers }: Copy): Promise<void> {
  const body = readFileSync(file);
  const etag = createHash('md5').update(body).digest('hex');
  // Most files are the same at the next start, and reading is cheaper than writing.
  if (s3.getObject(bucket, key)?.etag.replaceAll('"', '') === etag) return;
  const type = contentTypes[extname(file)] ?? 'application/octet-stream';
  await s3.putObject(bucket, key, body, { 'content-type': type, ...headers });
}
