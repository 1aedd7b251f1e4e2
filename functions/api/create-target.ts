import { DEFAULT_TARGET } from '#contract/resources/deployment-target.ts';
import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { commitCreation } from './changes.ts';

export const createTarget = handler('createTarget', async ({ platform, body }) => {
  const { stores, now } = platform;
  const { name } = body;
  if (name === DEFAULT_TARGET) {
    const message = `Cannot create target "${name}": it always exists; change it instead`;
    throw new Problem('already-exists', message);
  }
  const at = now().toISOString();
  const target = { ...body, createdAt: at, modifiedAt: at, revision: 1 };
  await commitCreation(stores, { resource: 'target', name }, [stores.targets.created(target)]);
  return { body: target, revision: target.revision };
});
