import { Savepoint } from '#contract/resources/savepoint.ts';
import { handler } from '../middleware/call.ts';
import { collectAtRest } from '../steps/collect-at-rest.ts';
import { deleteSavepoint as deleteOwned } from '../steps/dispose-savepoint.ts';
import { savepointNamed } from './read-savepoint.ts';

export const deleteSavepoint = handler('deleteSavepoint', async ({ platform, params, access }) => {
  const { deployment, savepoint } = await savepointNamed(platform, params);
  await deleteOwned(platform, deployment, { savepoint, actor: access.actor });
  // A running job collects by itself, between two checkpoints.
  await collectAtRest(platform, deployment);
  return { body: Savepoint.parse(savepoint) };
});
