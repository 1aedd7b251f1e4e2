/** Application versions in the table: immutable, numbered from 1, one for each bundle. */
import * as z from 'zod';
import { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { Database, Write } from './database.ts';
import { created, readItem } from './database.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** Versions of an application, by number and by the hash of the bundle. */
export interface VersionStore {
  get(namespace: string, application: string, version: number): Promise<ApplicationVersion | undefined>;
  byHash(namespace: string, application: string, sha256: string): Promise<ApplicationVersion | undefined>;
  list(namespace: string, application: string, request: PageRequest): Promise<Page<ApplicationVersion>>;
  /** Two writes: the version, and the reservation of its hash. */
  created(version: ApplicationVersion): Write[];
}

const Pointer = z.object({ version: z.int().min(1) });

export function versionStore(database: Database): VersionStore {
  const get: VersionStore['get'] = async (namespace, application, version) => {
    const found = await readItem(database, keys.version(namespace, application, version));
    return found === undefined ? undefined : ApplicationVersion.parse(found);
  };
  return {
    get,
    async byHash(namespace, application, sha256) {
      const found = await readItem(database, keys.versionByHash(namespace, application, sha256));
      if (found === undefined) return undefined;
      return get(namespace, application, Pointer.parse(found).version);
    },
    list: (namespace, application, request) =>
      readPage(
        database,
        {
          partition: partitions.versions(namespace, application),
          prefix: prefixes.version,
          parse: (found) => ApplicationVersion.parse(found),
        },
        request,
      ),
    created(version) {
      const { namespace, application, sha256 } = version;
      return [
        created(database, 'version', {
          ...keys.version(namespace, application, version.version),
          ...version,
        }),
        created(database, 'version', {
          ...keys.versionByHash(namespace, application, sha256),
          version: version.version,
        }),
      ];
    },
  };
}
