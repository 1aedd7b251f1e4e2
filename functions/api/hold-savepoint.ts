import { Savepoint } from '#contract/resources/savepoint.ts';
import { handler } from '../middleware/call.ts';
import { holdSavepoint as hold } from '../savepoints/trash-savepoint.ts';
import { savepointNamed } from './read-savepoint.ts';

export const holdSavepoint = handler('holdSavepoint', async ({ platform, params, body, access }) => {
  const { savepoint } = await savepointNamed(platform, params);
  const held = await hold(platform, { savepoint, actor: access.actor }, body.reason);
  return { body: Savepoint.parse(held) };
});
