import { handler } from '../middleware/call.ts';
import { existingApplication } from './existing.ts';

const EXPIRES_SECONDS = 900;

export const createUpload = handler('createUpload', async ({ platform, params, body }) => {
  const { stores, now } = platform;
  await existingApplication(platform, params.namespace, params.application);
  const expiresAt = new Date(now().getTime() + EXPIRES_SECONDS * 1000).toISOString();
  if ((await stores.bundles.verifiedSize(body.sha256)) === body.sizeBytes) {
    return { body: { url: null, headers: {}, expiresAt } };
  }
  const upload = await stores.bundles.presignUpload(body.sha256, EXPIRES_SECONDS);
  return { body: { ...upload, expiresAt } };
});
