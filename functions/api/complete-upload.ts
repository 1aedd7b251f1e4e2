import { Problem } from '#contract/problems.ts';
import { missingParts, partCount } from '../control/upload-parts.ts';
import { handler } from '../middleware/call.ts';
import { existingApplication } from './existing.ts';

/** The hash is not looked at here: registration does it, and refuses a bundle that differs. */
export const completeUpload = handler('completeUpload', async ({ platform, params, body }) => {
  const { bundles, bundleUploads } = platform.stores;
  await existingApplication(platform, params.namespace, params.application);
  const { sha256 } = params;
  const { uploadId, sizeBytes } = body;
  const refused = `Cannot complete upload "${uploadId}"`;
  const parts = await bundleUploads.parts({ sha256, uploadId });
  const missing = parts === undefined ? [] : missingParts(sizeBytes, parts);
  if (missing.length > 0) {
    const message = `${refused}: part ${missing.join(', ')} has not arrived whole; ask for the upload again and send it`;
    throw new Problem('bundle-mismatch', message);
  }
  const chosen = (parts ?? []).slice(0, partCount(sizeBytes));
  const isCompleted = parts !== undefined && (await bundleUploads.complete({ sha256, uploadId }, chosen));
  // Whoever completes it twice finds the bundle there and no upload.
  if (isCompleted || (await bundles.isThere(sha256))) return { body: { sha256, sizeBytes } };
  throw new Problem('not-found', `${refused}: it was dropped; ask for a new upload`);
});
