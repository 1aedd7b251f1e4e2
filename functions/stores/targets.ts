/** Deployment targets in the table. `default` is always there, even before the first write. */
import { DEFAULT_TARGET, DeploymentTarget } from '#contract/resources/deployment-target.ts';
import type { Database, Item, Write } from './database.ts';
import { created, readItem, removed, replaced } from './database.ts';
import { readAll, readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions } from './table.ts';

/** Targets by name; they belong to the platform and to no namespace. */
export interface TargetStore {
  get(name: string): Promise<DeploymentTarget | undefined>;
  list(request: PageRequest): Promise<Page<DeploymentTarget>>;
  /** Those that somebody wrote. */
  readonly all: () => Promise<DeploymentTarget[]>;
  created(target: DeploymentTarget): Write;
  /** `target` carries its new revision. */
  replaced(target: DeploymentTarget): Write;
  removed(name: string): Write;
}

const BEFORE_ALL = '2026-01-01T00:00:00.000Z';

// As long as nobody changed it, it is in no table, and is at revision 1.
const unwritten: DeploymentTarget = DeploymentTarget.parse({
  name: DEFAULT_TARGET,
  description: "The platform's own cluster.",
  createdAt: BEFORE_ALL,
  modifiedAt: BEFORE_ALL,
  revision: 1,
});

export function targetStore(database: Database): TargetStore {
  const item = (target: DeploymentTarget) => ({ ...keys.target(target.name), ...target });
  return {
    async get(name) {
      return targetOf(name, await readItem(database, keys.target(name)));
    },
    async list(request) {
      const list = {
        partition: partitions.targets,
        parse: (found: unknown) => DeploymentTarget.parse(found),
      };
      const page = await readPage(database, list, request);
      if (page.next !== null) return page;
      const isWritten = (await readItem(database, keys.target(DEFAULT_TARGET))) !== undefined;
      return isWritten ? page : { items: [...page.items, unwritten], next: null };
    },
    all: () =>
      readAll(database, { partition: partitions.targets, parse: (found) => DeploymentTarget.parse(found) }),
    created: (target) => created(database, 'target', item(target)),
    replaced: (target) =>
      target.name === DEFAULT_TARGET && target.revision === unwritten.revision + 1
        ? created(database, 'target', item(target))
        : replaced(database, 'target', item(target), target.revision - 1),
    removed: (name) => removed(database, 'target', keys.target(name)),
  };
}

/** The target that an item holds; `default` needs none. */
export function targetOf(name: string, found: Item | undefined): DeploymentTarget | undefined {
  if (found !== undefined) return DeploymentTarget.parse(found);
  return name === DEFAULT_TARGET ? unwritten : undefined;
}
