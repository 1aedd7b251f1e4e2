/** Who was given which role, in the table. */
import { createHash } from 'node:crypto';
import { RoleBinding } from '#contract/resources/role-binding.ts';
import type { Database, Write } from './database.ts';
import { created, removed } from './database.ts';
import { readAll, readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions } from './table.ts';

/** Role bindings, by member and by the place where they hold. */
export interface RoleBindingStore {
  /** What a member was given, anywhere. */
  ofMember(member: string): Promise<RoleBinding[]>;
  /** What holds in a namespace, or with null on the whole platform. */
  list(
    namespace: string | null,
    request: PageRequest & { readonly member?: string | undefined },
  ): Promise<Page<RoleBinding>>;
  all(namespace: string | null): Promise<RoleBinding[]>;
  created(binding: RoleBinding): Write;
  removed(binding: RoleBinding): Write;
}

/** Id of a binding: the same grant has the same one, so that the table refuses it a second time. */
export function roleBindingId(binding: Omit<RoleBinding, 'id' | 'createdAt' | 'createdBy'>): string {
  const { member, role, namespace, deployment } = binding;
  const text = JSON.stringify([member, role, namespace, deployment]);
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

export function roleBindingStore(database: Database): RoleBindingStore {
  const keyOf = ({ member, id, namespace }: RoleBinding) => keys.roleBinding(member, id, namespace);
  const parse = (found: unknown): RoleBinding => RoleBinding.parse(found);
  const inPlace = (namespace: string | null) => ({
    partition: partitions.roleBindings(namespace),
    index: true,
    parse,
  });
  return {
    ofMember: (member) => readAll(database, { partition: partitions.member(member), parse }),
    list(namespace, request) {
      const { member } = request;
      const matches = (binding: RoleBinding) => member === undefined || binding.member === member;
      return readPage(database, { ...inPlace(namespace), filter: member ?? '', matches }, request);
    },
    all: (namespace) => readAll(database, inPlace(namespace)),
    created: (binding) => created(database, 'role-binding', { ...keyOf(binding), ...binding }),
    removed: (binding) => removed(database, 'role-binding', keyOf(binding)),
  };
}
