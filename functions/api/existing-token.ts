import { Problem } from '#contract/problems.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredToken } from '../stores/tokens.ts';

/** A token that was not revoked, to be changed; or the problem that there is none. */
export async function existingToken({ stores }: Platform, id: string): Promise<StoredToken> {
  const found = await stores.tokens.get(id);
  if (found !== undefined) return found;
  throw new Problem('not-found', `Cannot find token "${id}": there is none of this id`);
}
