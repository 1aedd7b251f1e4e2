import type { UploadParts } from '#contract/resources/application-version.ts';
import { isCut, missingParts, PART_BYTES } from '../control/upload-parts.ts';
import { handler } from '../middleware/call.ts';
import type { Platform } from '../middleware/platform.ts';
import { existingApplication } from './existing.ts';

const EXPIRES_SECONDS = 900;

export const createUpload = handler('createUpload', async ({ platform, params, body }) => {
  const { stores, now } = platform;
  await existingApplication(platform, params.namespace, params.application);
  const expiresAt = new Date(now().getTime() + EXPIRES_SECONDS * 1000).toISOString();
  if ((await stores.bundles.verifiedSize(body.sha256)) === body.sizeBytes) {
    return { body: { url: null, headers: {}, parts: null, expiresAt } };
  }
  const upload = await stores.bundles.presignUpload(body.sha256, EXPIRES_SECONDS);
  const parts = isCut(body.sizeBytes) ? await partsToSend(platform, body) : null;
  return { body: { ...upload, parts, expiresAt } };
});

/** What is still to be sent of the upload under way, begun now where there is none. */
async function partsToSend(
  { stores }: Platform,
  { sha256, sizeBytes }: { readonly sha256: string; readonly sizeBytes: number },
): Promise<UploadParts> {
  const { bundleUploads } = stores;
  const upload = await bundleUploads.begun(sha256);
  const arrived = (await bundleUploads.parts(upload)) ?? [];
  const missing = missingParts(sizeBytes, arrived).map(async (number) => ({
    number,
    url: await bundleUploads.presignPart(upload, number, EXPIRES_SECONDS),
  }));
  return { uploadId: upload.uploadId, partBytes: PART_BYTES, missing: await Promise.all(missing) };
}
