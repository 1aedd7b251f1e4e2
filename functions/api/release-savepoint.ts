import { Savepoint } from '#contract/resources/savepoint.ts';
import { handler } from '../middleware/call.ts';
import { releaseSavepoint as release } from '../savepoints/trash-savepoint.ts';
import { savepointNamed } from './read-savepoint.ts';

export const releaseSavepoint = handler('releaseSavepoint', async ({ platform, params, access }) => {
  const { savepoint } = await savepointNamed(platform, params);
  return { body: Savepoint.parse(await release(platform, { savepoint, actor: access.actor })) };
});
