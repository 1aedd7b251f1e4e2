import { Savepoint } from '#contract/resources/savepoint.ts';
import { handler } from '../middleware/call.ts';
import { savepointNamed } from './read-savepoint.ts';

export const getSavepoint = handler('getSavepoint', async ({ platform, params }) => {
  const { savepoint } = await savepointNamed(platform, params);
  return { body: Savepoint.parse(savepoint) };
});
