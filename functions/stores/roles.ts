/** Roles that were made on this platform, in the table. The built-in ones are in the contract. */
import { Role } from '#contract/resources/role.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, removed, replaced } from './database.ts';
import { readAll } from './page.ts';
import { keys, partitions } from './table.ts';

/** Custom roles by name. */
export interface RoleStore {
  get(name: string): Promise<Role | undefined>;
  all(): Promise<Role[]>;
  created(role: Role): Write;
  /** `role` carries its new revision. */
  replaced(role: Role): Write;
  removed(name: string): Write;
}

export function roleStore(database: Database): RoleStore {
  const item = (role: Role) => ({ ...keys.role(role.name), ...role });
  return {
    async get(name) {
      const found = await readItem(database, keys.role(name));
      return found === undefined ? undefined : Role.parse(found);
    },
    all: () => readAll(database, { partition: partitions.roles, parse: (found) => Role.parse(found) }),
    created: (role) => created(database, 'role', item(role)),
    replaced: (role) => replaced(database, 'role', item(role), role.revision - 1),
    removed: (name) => removed(database, 'role', keys.role(name)),
  };
}
