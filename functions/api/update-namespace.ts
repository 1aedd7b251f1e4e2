import { NamespaceQuota } from '#contract/resources/namespace.ts';
import type { Namespace } from '#contract/resources/namespace.ts';
import { mergePatch } from '../control/merge-patch.ts';
import { handler } from '../middleware/call.ts';
import type { Access } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { checkRevision, commitChange } from './changes.ts';
import { existingNamespace } from './existing.ts';

export const updateNamespace = handler(
  'updateNamespace',
  async ({ platform, params, body, access, ifMatch }) => {
    const { stores, now } = platform;
    const before = await existingNamespace(platform, params.namespace);
    const what = `namespace "${before.name}"`;
    checkRevision(what, before, ifMatch);
    const namespace: Namespace = {
      ...before,
      description: body.description ?? before.description,
      quota: quotaOf(before, body.quota, access),
      eventRetentionDays: body.eventRetentionDays ?? before.eventRetentionDays,
      modifiedAt: now().toISOString(),
      revision: before.revision + 1,
    };
    await commitChange(stores, what, [stores.namespaces.replaced(namespace)]);
    return { body: namespace, revision: namespace.revision };
  },
);

/** A quota binds the owners of a namespace too: only who may create namespaces may change it. */
function quotaOf(
  before: Namespace,
  patch: Record<string, unknown> | undefined,
  access: Access,
): NamespaceQuota {
  if (patch === undefined) return before.quota;
  demand(access, 'namespaces:create', {}, `change the quota of namespace "${before.name}"`);
  return parsePart(NamespaceQuota, mergePatch(before.quota, patch), '/quota');
}
