/** All stores, opened once per function over one table and one bucket. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { applicationStore } from './applications.ts';
import type { ApplicationStore } from './applications.ts';
import { bundleStore } from './bundles.ts';
import type { BundleStore } from './bundles.ts';
import type { Bucket } from './bucket.ts';
import { transact } from './database.ts';
import type { Database, Write } from './database.ts';
import { deploymentStore } from './deployments.ts';
import type { DeploymentStore } from './deployments.ts';
import { eventStore } from './events.ts';
import type { EventStore } from './events.ts';
import { headStore } from './head.ts';
import type { HeadStore } from './head.ts';
import { idempotencyStore } from './idempotency.ts';
import type { IdempotencyStore } from './idempotency.ts';
import { jobFileStore } from './job-files.ts';
import type { JobFileStore } from './job-files.ts';
import { jobStore } from './jobs.ts';
import type { JobStore } from './jobs.ts';
import { namespaceStore } from './namespaces.ts';
import type { NamespaceStore } from './namespaces.ts';
import { operationStore } from './operations.ts';
import type { OperationStore } from './operations.ts';
import { savepointObjectStore } from './savepoint-objects.ts';
import type { SavepointObjectStore } from './savepoint-objects.ts';
import { savepointStore } from './savepoints.ts';
import type { SavepointStore } from './savepoints.ts';
import { versionStore } from './versions.ts';
import type { VersionStore } from './versions.ts';

/** Everything that the control plane remembers. */
export interface Stores {
  readonly namespaces: NamespaceStore;
  readonly applications: ApplicationStore;
  readonly versions: VersionStore;
  readonly deployments: DeploymentStore;
  readonly jobs: JobStore;
  readonly savepoints: SavepointStore;
  readonly operations: OperationStore;
  readonly events: EventStore;
  readonly idempotency: IdempotencyStore;
  readonly heads: HeadStore;
  readonly bundles: BundleStore;
  readonly jobFiles: JobFileStore;
  readonly savepointObjects: SavepointObjectStore;
  /** Writes all or nothing; throws `WriteConflict` where an item changed since it was read. */
  commit(writes: readonly Write[]): Promise<void>;
}

export function openStores(names: { readonly table: string; readonly bucket: string }): Stores {
  const database = {
    table: names.table,
    client: DynamoDBDocumentClient.from(new DynamoDBClient({}), {
      marshallOptions: { removeUndefinedValues: true },
    }),
  };
  // Checksums only where we ask for one: a presigned upload must not sign the checksum of an empty body.
  const bucket = {
    name: names.bucket,
    client: new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
  };
  return storesOver(database, bucket);
}

/** The same over clients that are there already. */
export function storesOver(database: Database, bucket: Bucket): Stores {
  return {
    namespaces: namespaceStore(database),
    applications: applicationStore(database),
    versions: versionStore(database),
    deployments: deploymentStore(database),
    jobs: jobStore(database),
    savepoints: savepointStore(database),
    operations: operationStore(database),
    events: eventStore(database),
    idempotency: idempotencyStore(database),
    heads: headStore(bucket),
    bundles: bundleStore(bucket),
    jobFiles: jobFileStore(bucket),
    savepointObjects: savepointObjectStore(bucket),
    commit: (writes) => transact(database, writes),
  };
}
