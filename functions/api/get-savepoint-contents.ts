import { SavepointContents } from '#contract/resources/savepoint-contents.ts';
import { describeSavepoint } from '#engine/index.ts';
import { handler } from '../middleware/call.ts';
import { manifestOf, savepointNamed } from './read-savepoint.ts';

export const getSavepointContents = handler('getSavepointContents', async ({ platform, params }) => {
  const { savepoint } = await savepointNamed(platform, params);
  const { manifest } = await manifestOf(platform, savepoint);
  return { body: SavepointContents.parse(describeSavepoint(manifest)) };
});
