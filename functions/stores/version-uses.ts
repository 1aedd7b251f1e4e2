/** Which deployments have stated a version, in the table: what a deletion asks before it removes one. */
import * as z from 'zod';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import { Name, Timestamp, Ulid } from '#contract/resources/metadata.ts';
import type { Database, Write } from './database.ts';
import { removed } from './database.ts';
import { readAll } from './page.ts';
import { keys, partitions, versionUsePrefix } from './table.ts';

/** A deployment that stated a version at some time; whether it still needs it, its own records say. */
export const VersionUse = z.object({
  application: Name,
  usedVersion: z.int().min(1),
  namespace: Name,
  deployment: Name,
  deploymentId: Ulid,
  since: Timestamp,
});
export type VersionUse = z.infer<typeof VersionUse>;

type VersionKey = Pick<ApplicationVersion, 'namespace' | 'application' | 'version'>;

/** Uses by version. */
export interface VersionUseStore {
  /** Always the newest: a deletion decides by it. */
  of(version: VersionKey): Promise<VersionUse[]>;
  /** To be written with every spec that names another version; refused while the version is being deleted. */
  begun(use: VersionUse): Write[];
  removed(use: VersionUse): Write;
}

export function versionUseStore(database: Database): VersionUseStore {
  const keyOf = ({ namespace, application, usedVersion, deploymentId }: VersionUse) =>
    keys.versionUse(namespace, application, [usedVersion, deploymentId]);
  return {
    of: ({ namespace, application, version }) =>
      readAll(database, {
        partition: partitions.versions(namespace, application),
        prefix: versionUsePrefix(version),
        parse: (found) => VersionUse.parse(found),
      }),
    begun: (use) => [
      {
        resource: 'version',
        item: {
          ConditionCheck: {
            TableName: database.table,
            Key: keys.version(use.namespace, use.application, use.usedVersion),
            ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(deleting)',
          },
        },
      },
      {
        resource: 'version',
        item: { Put: { TableName: database.table, Item: { ...keyOf(use), ...use } } },
      },
    ],
    removed: (use) => removed(database, 'version', keyOf(use)),
  };
}
