import { handler } from '../middleware/call.ts';
import { manifestOf, savepointNamed } from './read-savepoint.ts';

const EXPIRES_SECONDS = 900;
// An address has some 1500 characters, and an answer of a function at most 6 MB.
const PAGE = 500;

export const listSavepointObjects = handler('listSavepointObjects', async ({ platform, params, query }) => {
  const { savepoint } = await savepointNamed(platform, params);
  const { key: manifestKey, manifest } = await manifestOf(platform, savepoint);
  const chunks = manifest.operators.flatMap((operator) => operator.chunks.map(({ key }) => key));
  // One chunk may stand for several states or checkpoints.
  const keys = [...new Set([manifestKey, ...chunks])];
  const { savepointObjects } = platform.stores;
  const page = keys.slice(query.from, query.from + PAGE);
  const items = await Promise.all(
    page.map(async (key) => ({ key, url: await savepointObjects.presignDownload(key, EXPIRES_SECONDS) })),
  );
  const next = query.from + PAGE;
  return { body: { items, next: next < keys.length ? next : null } };
});
