import { handler } from '../middleware/call.ts';
import { existingTarget } from './existing-target.ts';

export const getTarget = handler('getTarget', async ({ platform, params }) => {
  const target = await existingTarget(platform, params.target);
  return { body: target, revision: target.revision };
});
