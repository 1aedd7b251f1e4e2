import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { WriteConflict } from '../stores/database.ts';
import { versionNamed } from './existing.ts';
import { removeVersion } from './remove-version.ts';
import type { VersionUser } from './remove-version.ts';

export const deleteApplicationVersion = handler('deleteApplicationVersion', async ({ platform, params }) => {
  const version = await versionNamed(platform, params);
  const refused = `Cannot delete version ${version.version} of application "${version.application}"`;
  const users = await usersUnlessRemoved();
  if (users.length === 0) return { body: version };
  const named = users.map(({ deployment, reason }) => `"${deployment}" ${reason}`).join(', ');
  throw new Problem('version-in-use', `${refused}: deployment ${named}; retire it to keep others from it`);

  async function usersUnlessRemoved(): Promise<readonly VersionUser[]> {
    try {
      return await removeVersion(platform, version);
    } catch (cause) {
      if (!(cause instanceof WriteConflict)) throw cause;
      throw new Problem('revision-changed', `${refused}: it was changed at the same moment`, { cause });
    }
  }
});
