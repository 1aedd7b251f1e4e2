/** Namespaces in the table. `default` is always there, even before the first write. */
import { Namespace, NamespaceQuota } from '#contract/resources/namespace.ts';
import type { Database, Item, Write } from './database.ts';
import { created, readItem, removed, replaced } from './database.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions } from './table.ts';

/** Namespaces by name. */
export interface NamespaceStore {
  get(name: string): Promise<Namespace | undefined>;
  list(request: PageRequest): Promise<Page<Namespace>>;
  created(namespace: Namespace): Write;
  /** `namespace` carries its new revision. */
  replaced(namespace: Namespace): Write;
  removed(name: string): Write;
  /** Names of what is in the namespace, as `deployment#clicks`; a few of them are enough to refuse its deletion. */
  contents(name: string): Promise<readonly string[]>;
}

const DEFAULT = 'default';
const CONTENTS_SHOWN = 10;

// Of the default namespace as long as nobody changed it: it is in no table then, and revision 0 was never stored.
const unwritten: Namespace = {
  name: DEFAULT,
  description: 'The namespace that always exists.',
  quota: NamespaceQuota.parse({}),
  eventRetentionDays: 400,
  createdAt: '2026-01-01T00:00:00.000Z',
  modifiedAt: '2026-01-01T00:00:00.000Z',
  revision: 1,
};

export function namespaceStore(database: Database): NamespaceStore {
  const item = (namespace: Namespace) => ({
    ...keys.namespace(namespace.name, namespace.createdAt),
    ...namespace,
  });
  const get = async (name: string): Promise<Namespace | undefined> => {
    const found = await readItem(database, keys.namespace(name));
    if (found === undefined) return name === DEFAULT ? unwritten : undefined;
    return Namespace.parse(found);
  };
  return {
    get,
    async list(request) {
      const list = {
        partition: partitions.namespaces,
        index: true,
        parse: (found: unknown) => Namespace.parse(found),
      };
      const page = await readPage(database, list, request);
      const isOldest = page.next === null && !page.items.some((namespace) => namespace.name === DEFAULT);
      // On the last page only, where the oldest stand; a stored default lies further ahead.
      if (!isOldest || (await readItem(database, keys.namespace(DEFAULT))) !== undefined) return page;
      return { items: [...page.items, unwritten], next: null };
    },
    removed: (name) => removed(database, 'namespace', keys.namespace(name)),
    async contents(name) {
      const list = { partition: keys.namespace(name).pk, parse: (found: Item) => String(found['sk']) };
      const page = await readPage(database, list, { limit: CONTENTS_SHOWN });
      return page.items.filter((sortKey) => sortKey !== keys.namespace(name).sk);
    },
    created: (namespace) => created(database, 'namespace', item(namespace)),
    replaced: (namespace) =>
      namespace.name === DEFAULT && namespace.revision === unwritten.revision + 1
        ? firstChange(database, item(namespace))
        : replaced(database, 'namespace', item(namespace), namespace.revision - 1),
  };
}

/** Only the unwritten default is at revision 1 without an item, so its first change is a creation. */
function firstChange(database: Database, item: Record<string, unknown>): Write {
  return created(database, 'namespace', item);
}
