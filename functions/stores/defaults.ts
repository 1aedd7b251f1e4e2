/** Settings that deployments inherit, of the platform and of namespaces, with every revision of them. */
import { DefaultsRevision, DeploymentDefaults } from '#contract/resources/deployment-defaults.ts';
import type { Database, Item, Write } from './database.ts';
import { created, readItem, removed, replaced } from './database.ts';
import { readAll, readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** Defaults by namespace; null stands for the whole platform. */
export interface DefaultsStore {
  /** Empty settings at revision 1 where nobody ever said anything. */
  get(namespace: string | null): Promise<DeploymentDefaults>;
  revisions(namespace: string | null, request: PageRequest): Promise<Page<DefaultsRevision>>;
  /** `defaults` carries its new revision, which is also the number of `revision`. */
  replaced(defaults: DeploymentDefaults, revision: DefaultsRevision): Write[];
  /** What a namespace leaves behind: its defaults and every revision of them. */
  removals(namespace: string): Promise<Write[]>;
}

export function defaultsStore(database: Database): DefaultsStore {
  return {
    async get(namespace) {
      return defaultsOf(namespace, await readItem(database, keys.defaults(namespace)));
    },
    revisions: (namespace, request) =>
      readPage(
        database,
        {
          partition: partitions.defaults(namespace),
          prefix: prefixes.revision,
          parse: (found) => DefaultsRevision.parse(found),
        },
        request,
      ),
    replaced(defaults, revision) {
      const { namespace } = defaults;
      const item = { ...keys.defaults(namespace), ...defaults };
      return [
        // The unwritten ones are at revision 1, so the first change is a creation.
        defaults.revision === 2
          ? created(database, 'defaults', item)
          : replaced(database, 'defaults', item, defaults.revision - 1),
        created(database, 'defaults', {
          ...keys.defaultsRevision(namespace, revision.number),
          ...revision,
        }),
      ];
    },
    removals: async (namespace) =>
      (
        await readAll(database, {
          partition: partitions.defaults(namespace),
          parse: ({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }),
        })
      ).map((key) => removed(database, 'defaults', key)),
  };
}

/** The defaults that an item holds; nothing is said where there is none. */
export function defaultsOf(namespace: string | null, found: Item | undefined): DeploymentDefaults {
  if (found !== undefined) return DeploymentDefaults.parse(found);
  return {
    namespace,
    settings: {},
    modifiedAt: '2026-01-01T00:00:00.000Z',
    modifiedBy: 'system:platform',
    revision: 1,
  };
}
