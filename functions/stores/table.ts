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
  /** Jobs that have not ended: the index is sparse, so the sweep reads these and no others. */
  liveJobs: 'jobs#live',
  activeOperations: 'operations#active',
} as const;

/** Prefixes of the sort keys that share a partition. */
export const prefixes = {
  version: 'version#',
  job: 'job#',
  savepoint: 'savepoint#',
  event: 'event#',
  revision: 'revision#',
} as const;

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
    sk: `sha256#${sha256}`,
  }),
  deployment: (namespace: string, name: string, createdAt?: string): ItemKey => ({
    pk: `namespace#${namespace}`,
    sk: `deployment#${name}`,
    ...(createdAt === undefined
      ? {}
      : { gsi1pk: partitions.deployments(namespace), gsi1sk: `${createdAt}#${name}` }),
  }),
  job: (deploymentId: string, number: number, isLive = false): ItemKey => ({
    pk: partitions.deployment(deploymentId),
    sk: prefixes.job + padded(number),
    ...(isLive ? { gsi1pk: partitions.liveJobs, gsi1sk: `${deploymentId}#${padded(number)}` } : {}),
  }),
  savepoint: (deploymentId: string, savepointId: string): ItemKey => ({
    pk: partitions.deployment(deploymentId),
    sk: prefixes.savepoint + savepointId,
  }),
  event: (deploymentId: string, eventId: string): ItemKey => ({
    pk: partitions.deployment(deploymentId),
    sk: prefixes.event + eventId,
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
