import { Savepoint } from '#contract/resources/savepoint.ts';
import { handler } from '../middleware/call.ts';
import { collectAfterPurge, purgeSavepoint } from '../savepoints/purge-savepoint.ts';
import { trashSavepoint } from '../savepoints/trash-savepoint.ts';
import { savepointNamed } from './read-savepoint.ts';

export const deleteSavepoint = handler('deleteSavepoint', async ({ platform, params, query, access }) => {
  const { savepoint } = await savepointNamed(platform, params);
  const act = { savepoint, actor: access.actor };
  if (query.purge === 'false') return { body: Savepoint.parse(await trashSavepoint(platform, act)) };
  await purgeSavepoint(platform, act);
  await collectAfterPurge(platform, savepoint);
  return { body: Savepoint.parse(savepoint) };
});
