/** The one table: how its keys are named, and which key each resource has. */

/** What infra must create. All attributes of keys are strings; the index projects everything. */
export const tableShape = {
  partitionKey: 'pk',
  sortKey: 'sk',
  index: 'gsi1',
  indexPartitionKey: 'gsi1pk',
  indexSortKey: 'gsi1sk',
  timeToLive: 'expiresAt',
} as const;

/** Primary key of an item, and its key in the index where it is listed by another order. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
  readonly gsi1pk?: string;
  readonly gsi1sk?: string;
}

// Numbers stand in sort keys with leading zeros, so that text order is number order.
const padded = (number: number): string => String(number).padStart(10, '0');

/** Partitions that are listed as a whole. */
export const partitions = {
  namespaces: 'namespaces',
  applications: (namespace: string): string => `namespace#${namespace}#applications`,
  deployments: (namespace: string): string => `namespace#${namespace}#deployments`,
  /** Listed apart, so that a list of deployments reads none that is deleted. */
  deletedDeployments: (namespace: string): string => `namespace#${namespace}#deployments#deleted`,
  versions: (namespace: string, application: string): string => `application#${namespace}#${application}`,
  deployment: (deploymentId: string): string => `deployment#${deploymentId}`,
  operations: (deploymentId: string): string => `deployment#${deploymentId}#operations`,
  /** What holds in one namespace; null: on the whole platform. */
  roleBindings: (namespace: string | null): string => `access#${namespace ?? ''}`,
  tokens: (namespace: string | null): string => `tokens#${namespace ?? ''}`,
  audit: (namespace: string | null): string => `audit#${namespace ?? ''}`,
  /** Of all namespaces. */
  wholeAudit: 'audit',
  roles: 'roles',
  /** Of a namespace; null: of the whole platform. */
  defaults: (namespace: string | null): string => `defaults#${namespace ?? ''}`,
  targets: 'targets',
  member: (member: string): string => `member#${member}`,
  /** Of all deployments of a namespace. */
  savepoints: (namespace: string): string => `namespace#${namespace}#savepoints`,
  /** What housekeeping has to do, by its time. */
  due: 'due',
  /** Bundles that no version refers to, until their bytes are deleted. */
  unusedBundles: 'bundles#unused',
  /** Jobs that have not ended: the index is sparse, so the sweep reads these and no others. */
  liveJobs: 'jobs#live',
  activeOperations: 'operations#active',
  /** Events of all deployments of a namespace. */
  events: (namespace: string): string => `events#${namespace}`,
  /** Of all namespaces: there are few, and the schedule of deliveries reads them all. */
  webhooks: 'webhooks',
  webhook: (webhookId: string): string => `webhook#${webhookId}`,
  webhooksDue: 'webhooks#due',
} as const;

/** Prefixes of the sort keys that share a partition. */
export const prefixes = {
  version: 'version#',
  versionByHash: 'sha256#',
  versionUse: 'use#',
  job: 'job#',
  savepoint: 'savepoint#',
  savepointCopy: 'copy#',
  event: 'event#',
  delivery: 'delivery#',
  revision: 'revision#',
  secret: 'secret#',
} as const;

/** Begin of the sort keys of the deployments that have stated a version. */
export const versionUsePrefix = (version: number): string => `${prefixes.versionUse}${padded(version)}#`;

/** Key of every kind of item. */
export const keys = {
  namespace: (name: string, createdAt?: string): ItemKey => ({
    pk: `namespace#${name}`,
    sk: 'namespace',
    ...(createdAt === undefined ? {} : { gsi1pk: partitions.namespaces, gsi1sk: `${createdAt}#${name}` }),
  }),
  application: (namespace: string, name: string, createdAt?: string): ItemKey => ({
    pk: `namespace#${namespace}`,
    sk: `application#${name}`,
    ...(createdAt === undefined
      ? {}
      : { gsi1pk: partitions.applications(namespace), gsi1sk: `${createdAt}#${name}` }),
  }),
  version: (namespace: string, application: string, version: number): ItemKey => ({
    pk: partitions.versions(namespace, application),
    sk: prefixes.version + padded(version),
  }),
  versionByHash: (namespace: string, application: string, sha256: string): ItemKey => ({
    pk: partitions.versions(namespace, application),
    sk: prefixes.versionByHash + sha256,
  }),
  versionByTag: (namespace: string, application: string, tag: string): ItemKey => ({
    pk: partitions.versions(namespace, application),
    sk: `tag#${tag}`,
  }),
  versionUse: (namespace: string, application: string, use: readonly [number, string]): ItemKey => ({
    pk: partitions.versions(namespace, application),
    sk: versionUsePrefix(use[0]) + use[1],
  }),
  deployment: (namespace: string, name: string, createdAt?: string, isDeleted = false): ItemKey => ({
    pk: `namespace#${namespace}`,
    sk: `deployment#${name}`,
    ...(createdAt === undefined
      ? {}
      : {
          gsi1pk: isDeleted ? partitions.deletedDeployments(namespace) : partitions.deployments(namespace),
          gsi1sk: `${createdAt}#${name}`,
        }),
  }),
  job: (deploymentId: string, number: number, isLive = false): ItemKey => ({
    pk: partitions.deployment(deploymentId),
    sk: prefixes.job + padded(number),
    ...(isLive ? { gsi1pk: partitions.liveJobs, gsi1sk: `${deploymentId}#${padded(number)}` } : {}),
  }),
  savepoint: (deploymentId: string, savepointId: string, namespace?: string): ItemKey => ({
    pk: partitions.deployment(deploymentId),
    sk: prefixes.savepoint + savepointId,
    ...(namespace === undefined ? {} : { gsi1pk: partitions.savepoints(namespace), gsi1sk: savepointId }),
  }),
  /** In the partition of the deployment whose chunks the copy refers to. */
  savepointCopy: (ownerId: string, copyId: string): ItemKey => ({
    pk: partitions.deployment(ownerId),
    sk: prefixes.savepointCopy + copyId,
  }),
  unusedBundle: (sha256: string): ItemKey => ({ pk: partitions.unusedBundles, sk: sha256 }),
  due: (at: string, id: string): ItemKey => ({ pk: partitions.due, sk: `${at}#${id}` }),
  slots: (deploymentId: string): ItemKey => ({ pk: partitions.deployment(deploymentId), sk: 'slots' }),
  // One partition of the index takes a thousand writes a second, which bounds the events of one namespace.
  event: (deploymentId: string, eventId: string, namespace: string): ItemKey => ({
    pk: partitions.deployment(deploymentId),
    sk: prefixes.event + eventId,
    gsi1pk: partitions.events(namespace),
    gsi1sk: eventId,
  }),
  webhook: (namespace: string, name: string, createdAt?: string): ItemKey => ({
    pk: `namespace#${namespace}`,
    sk: `webhook#${name}`,
    ...(createdAt === undefined
      ? {}
      : { gsi1pk: partitions.webhooks, gsi1sk: `${namespace}#${createdAt}#${name}` }),
  }),
  webhookStatus: (webhookId: string): ItemKey => ({ pk: partitions.webhook(webhookId), sk: 'status' }),
  webhookCursor: (webhookId: string, deploymentId: string, dueAt?: string): ItemKey => ({
    pk: partitions.webhook(webhookId),
    sk: `cursor#${deploymentId}`,
    ...(dueAt === undefined
      ? {}
      : { gsi1pk: partitions.webhooksDue, gsi1sk: `${dueAt}#${webhookId}#${deploymentId}` }),
  }),
  webhookDelivery: (webhookId: string, deliveryId: string): ItemKey => ({
    pk: partitions.webhook(webhookId),
    sk: prefixes.delivery + deliveryId,
  }),
  operation: (operationId: string, deploymentId?: string): ItemKey => ({
    pk: `operation#${operationId}`,
    sk: 'operation',
    ...(deploymentId === undefined
      ? {}
      : { gsi1pk: partitions.operations(deploymentId), gsi1sk: operationId }),
  }),
  activeOperation: (operationId: string): ItemKey => ({
    pk: partitions.activeOperations,
    sk: operationId,
  }),
  revision: (deploymentId: string, number: number): ItemKey => ({
    pk: partitions.deployment(deploymentId),
    sk: prefixes.revision + padded(number),
  }),
  defaults: (namespace: string | null): ItemKey => ({
    pk: partitions.defaults(namespace),
    sk: 'defaults',
  }),
  defaultsRevision: (namespace: string | null, number: number): ItemKey => ({
    pk: partitions.defaults(namespace),
    sk: prefixes.revision + padded(number),
  }),
  secret: (namespace: string, name: string): ItemKey => ({
    pk: `namespace#${namespace}`,
    sk: prefixes.secret + name,
  }),
  target: (name: string): ItemKey => ({ pk: partitions.targets, sk: `target#${name}` }),
  role: (name: string): ItemKey => ({ pk: partitions.roles, sk: `role#${name}` }),
  // By member, since every request reads those of its caller.
  roleBinding: (member: string, id: string, namespace: string | null): ItemKey => ({
    pk: partitions.member(member),
    sk: `binding#${id}`,
    gsi1pk: partitions.roleBindings(namespace),
    gsi1sk: id,
  }),
  token: (id: string, namespace?: string | null): ItemKey => ({
    pk: `token#${id}`,
    sk: 'token',
    ...(namespace === undefined ? {} : { gsi1pk: partitions.tokens(namespace), gsi1sk: id }),
  }),
  auditRecord: (id: string, namespace: string | null): ItemKey => ({
    pk: partitions.audit(namespace),
    sk: id,
    gsi1pk: partitions.wholeAudit,
    gsi1sk: id,
  }),
  idempotency: (deploymentId: string, key: string): ItemKey => ({
    pk: `idempotency#${deploymentId}`,
    sk: key,
  }),
} as const;
