import { Problem } from '#contract/problems.ts';
import { DEFAULT_TARGET } from '#contract/resources/deployment-target.ts';
import { handler } from '../middleware/call.ts';
import { commitChange } from './changes.ts';
import { existingTarget } from './existing-target.ts';
import { heirs } from './inherited-change.ts';

export const deleteTarget = handler('deleteTarget', async ({ platform, params }) => {
  const { stores } = platform;
  const target = await existingTarget(platform, params.target);
  const what = `target "${target.name}"`;
  if (target.name === DEFAULT_TARGET) {
    throw new Problem('in-use', `Cannot delete ${what}: it is the platform's own and always exists`);
  }
  const users: string[] = [];
  for await (const { namespace, name, deletion } of heirs(platform, { target }, { withTrash: true })) {
    users.push(`"${namespace}/${name}"${deletion === null ? '' : ' (in the trash)'}`);
  }
  if (users.length > 0) {
    const message = `Cannot delete ${what}: it is the target of ${users.join(', ')}; migrate or purge them first`;
    throw new Problem('in-use', message);
  }
  await commitChange(stores, what, [stores.targets.removed(target.name)]);
  return { body: target };
});
