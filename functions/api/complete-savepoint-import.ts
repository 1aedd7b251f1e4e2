import { Problem } from '#contract/problems.ts';
import { Savepoint } from '#contract/resources/savepoint.ts';
import { SavepointContents } from '#contract/resources/savepoint-contents.ts';
import { describeSavepoint } from '#engine/index.ts';
import type { Manifest } from '#engine/index.ts';
import { newEvent } from '../control/new-event.ts';
import { handler } from '../middleware/call.ts';
import { manifestAt, savepointNamed } from './read-savepoint.ts';
import { uploadFolder, WAITING_MANIFEST } from './uploaded-savepoint.ts';

export const completeSavepointImport = handler(
  'completeSavepointImport',
  async ({ platform, params, access }) => {
    const { stores } = platform;
    const { deployment, savepoint } = await savepointNamed(platform, params);
    const folder = uploadFolder(platform, savepoint);
    const { storage } = stores.savepointObjects;
    const waiting = `${folder}/${WAITING_MANIFEST}`;
    const { manifest } = await manifestAt(platform, savepoint, waiting);
    const sizes = await stores.savepointObjects.sizes(folder);
    const fault = faultOf(manifest, folder, sizes);
    const uploaded = await storage.get(waiting);
    if (fault !== undefined || uploaded === undefined)
      throw incomplete(savepoint.id, fault ?? 'its manifest is gone');
    await storage.put(`${folder}/manifest.json`, uploaded.bytes);
    await storage.delete([waiting]);
    const at = platform.now().toISOString();
    const completed = {
      ...savepoint,
      jobId: manifest.jobId,
      state: 'completed' as const,
      sizeBytes: describeSavepoint(manifest).storedBytes,
      completedAt: at,
    };
    const occasion = {
      id: platform.newId(),
      at,
      actor: access.actor,
      namespace: deployment.namespace,
      deployment: deployment.name,
      deploymentId: deployment.id,
    };
    const message = `Savepoint ${savepoint.id} was imported; it was taken of application "${manifest.application}".`;
    await stores.commit([
      stores.savepoints.changed(completed),
      stores.events.appended(newEvent(occasion, { name: 'savepoint-completed', message })),
    ]);
    return { body: Savepoint.parse(completed) };
  },
);

/** What is missing or strange, as the end of a sentence. */
function faultOf(manifest: Manifest, folder: string, sizes: ReadonlyMap<string, number>): string | undefined {
  if (manifest.selfContained !== true) return 'its manifest names objects that are not its own';
  if (!isWhole(manifest)) return 'its manifest lacks fields';
  const chunks = manifest.operators.flatMap((operator) => operator.chunks);
  const missing = chunks.find(
    ({ key, bytes }) => !key.startsWith(`${folder}/chunks/`) || sizes.get(key) !== bytes,
  );
  return missing === undefined ? undefined : `object "${missing.key}" of ${missing.bytes} bytes is not there`;
}

/** Whoever uploads may write anything. */
function isWhole(manifest: Manifest): boolean {
  try {
    return SavepointContents.safeParse(describeSavepoint(manifest)).success;
  } catch {
    return false;
  }
}

function incomplete(id: string, reason: string): Problem {
  return new Problem(
    'savepoint-incomplete',
    `Cannot complete the import of savepoint ${id}: ${reason}; upload it again`,
  );
}
