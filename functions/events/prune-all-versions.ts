import type { Platform } from '../middleware/platform.ts';
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

async function* pagesOf<T>(
  read: (cursor: string | undefined) => Promise<{ readonly items: T[]; readonly next: string | null }>,
): AsyncGenerator<T, void, void> {
  let cursor: string | undefined;
  do {
    const { items, next } = await read(cursor);
    yield* items;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}
