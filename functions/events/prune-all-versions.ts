import type { Platform } from '../middleware/platform.ts';
import { pagesOf } from './pages-of.ts';
import { pruneVersions } from './prune-versions.ts';

const PAGE = 200;

/** Once an hour, over all applications of the platform. */
export async function pruneAllVersions(platform: Platform, now: Date): Promise<void> {
  if (now.getUTCMinutes() !== 0) return;
  const { stores } = platform;
  for await (const { name: namespace } of pagesOf((cursor) =>
    stores.namespaces.list({ limit: PAGE, cursor }),
  )) {
    const applications = pagesOf((cursor) => stores.applications.list(namespace, { limit: PAGE, cursor }));
    for await (const application of applications) await pruneVersions(platform, application);
  }
}
