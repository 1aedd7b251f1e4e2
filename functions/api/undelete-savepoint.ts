import { Savepoint } from '#contract/resources/savepoint.ts';
import { handler } from '../middleware/call.ts';
import { undeleteSavepoint as bringBack } from '../savepoints/trash-savepoint.ts';
import { savepointNamed } from './read-savepoint.ts';

export const undeleteSavepoint = handler('undeleteSavepoint', async ({ platform, params, access }) => {
  const { savepoint } = await savepointNamed(platform, params);
  return { body: Savepoint.parse(await bringBack(platform, { savepoint, actor: access.actor })) };
});
