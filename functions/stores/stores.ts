/** All stores, opened once per function over one table and one bucket. */
import { S3Client } from '@aws-sdk/client-s3';
import { applicationStore } from './applications.ts';
import type { ApplicationStore } from './applications.ts';
import { auditStore } from './audit.ts';
import type { AuditStore } from './audit.ts';
import { bundleStore } from './bundles.ts';
import type { BundleStore } from './bundles.ts';
import type { Bucket } from './bucket.ts';
import { bundleUploadStore } from './bundle-uploads.ts';
import type { BundleUploadStore } from './bundle-uploads.ts';
import { captureStore } from './captures.ts';
import type { CaptureStore } from './captures.ts';
import { transact } from './database.ts';
import type { Database, Write } from './database.ts';
import { defaultsStore } from './defaults.ts';
import type { DefaultsStore } from './defaults.ts';
import { dueStore } from './due.ts';
import type { DueStore } from './due.ts';
import { deploymentStore } from './deployments.ts';
import type { DeploymentStore } from './deployments.ts';
import { eventRetention } from './event-retention.ts';
import { eventStore } from './events.ts';
import type { EventStore } from './events.ts';
import { headStore } from './head.ts';
import type { HeadStore } from './head.ts';
import { historyStore } from './history.ts';
import type { HistoryStore } from './history.ts';
import { idempotencyStore } from './idempotency.ts';
import type { IdempotencyStore } from './idempotency.ts';
import { jobFileStore } from './job-files.ts';
import type { JobFileStore } from './job-files.ts';
import { jobStore } from './jobs.ts';
import type { JobStore } from './jobs.ts';
import { launchStore } from './launches.ts';
import type { LaunchStore } from './launches.ts';
import { namespaceStore } from './namespaces.ts';
import type { NamespaceStore } from './namespaces.ts';
import { openDatabase } from './open-database.ts';
import { operationStore } from './operations.ts';
import type { OperationStore } from './operations.ts';
import { revisionStore } from './revisions.ts';
import type { RevisionStore } from './revisions.ts';
import { roleBindingStore } from './role-bindings.ts';
import type { RoleBindingStore } from './role-bindings.ts';
import { roleStore } from './roles.ts';
import type { RoleStore } from './roles.ts';
import { savepointObjectStore } from './savepoint-objects.ts';
import type { SavepointObjectStore } from './savepoint-objects.ts';
import { savepointCopyStore } from './savepoint-copies.ts';
import type { SavepointCopyStore } from './savepoint-copies.ts';
import { scheduleSlotStore } from './schedule-slots.ts';
import type { ScheduleSlotStore } from './schedule-slots.ts';
import { savepointStore } from './savepoints.ts';
import type { SavepointStore } from './savepoints.ts';
import { secretStore } from './secrets.ts';
import type { SecretStore } from './secrets.ts';
import { targetStore } from './targets.ts';
import type { TargetStore } from './targets.ts';
import { tokenStore } from './tokens.ts';
import type { TokenStore } from './tokens.ts';
import { unusedBundleStore } from './unused-bundles.ts';
import type { UnusedBundleStore } from './unused-bundles.ts';
import { versionUseStore } from './version-uses.ts';
import type { VersionUseStore } from './version-uses.ts';
import { webhookStore } from './webhooks.ts';
import type { WebhookStore } from './webhooks.ts';
import { versionStore } from './versions.ts';
import type { VersionStore } from './versions.ts';

/** Everything that the control plane remembers. */
export interface Stores {
  readonly namespaces: NamespaceStore;
  readonly applications: ApplicationStore;
  readonly versions: VersionStore;
  readonly versionUses: VersionUseStore;
  readonly deployments: DeploymentStore;
  readonly revisions: RevisionStore;
  readonly defaults: DefaultsStore;
  readonly targets: TargetStore;
  readonly secrets: SecretStore;
  readonly jobs: JobStore;
  readonly savepoints: SavepointStore;
  readonly savepointCopies: SavepointCopyStore;
  readonly scheduleSlots: ScheduleSlotStore;
  readonly due: DueStore;
  readonly operations: OperationStore;
  readonly events: EventStore;
  readonly idempotency: IdempotencyStore;
  readonly history: HistoryStore;
  readonly webhooks: WebhookStore;
  readonly roles: RoleStore;
  readonly roleBindings: RoleBindingStore;
  readonly tokens: TokenStore;
  readonly audit: AuditStore;
  readonly heads: HeadStore;
  readonly bundles: BundleStore;
  readonly bundleUploads: BundleUploadStore;
  readonly unusedBundles: UnusedBundleStore;
  readonly jobFiles: JobFileStore;
  readonly launches: LaunchStore;
  readonly savepointObjects: SavepointObjectStore;
  readonly captures: CaptureStore;
  /** Writes all or nothing; throws `WriteConflict` where an item changed since it was read. */
  commit(writes: readonly Write[]): Promise<void>;
}

/** `region`: the platform's own, of which placeholders speak. */
export function openStores(names: {
  readonly table: string;
  readonly bucket: string;
  readonly region?: string;
}): Stores {
  const database = openDatabase(names.table);
  // Checksums only where we ask for one: a presigned upload must not sign the checksum of an empty body.
  const bucket = {
    name: names.bucket,
    client: new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
  };
  return storesOver(database, bucket, names.region);
}

/** The same over clients that are there already. */
export function storesOver(database: Database, bucket: Bucket, region = 'local'): Stores {
  const namespaces = namespaceStore(database);
  const retained = eventRetention(namespaces);
  return {
    namespaces,
    applications: applicationStore(database),
    versions: versionStore(database),
    versionUses: versionUseStore(database),
    deployments: deploymentStore(database, region),
    revisions: revisionStore(database),
    defaults: defaultsStore(database),
    targets: targetStore(database),
    secrets: secretStore(database),
    jobs: jobStore(database),
    savepoints: savepointStore(database),
    savepointCopies: savepointCopyStore(database),
    scheduleSlots: scheduleSlotStore(database),
    due: dueStore(database),
    operations: operationStore(database),
    events: eventStore(database),
    idempotency: idempotencyStore(database),
    history: historyStore(database),
    webhooks: webhookStore(database),
    roles: roleStore(database),
    roleBindings: roleBindingStore(database),
    tokens: tokenStore(database),
    audit: auditStore(database),
    heads: headStore(bucket),
    bundles: bundleStore(bucket),
    bundleUploads: bundleUploadStore(bucket),
    unusedBundles: unusedBundleStore(database),
    jobFiles: jobFileStore(bucket),
    launches: launchStore(bucket),
    savepointObjects: savepointObjectStore(bucket),
    captures: captureStore(bucket),
    commit: async (writes) => transact(database, await retained(writes)),
  };
}
