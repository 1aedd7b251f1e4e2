/** Revisions of what deployments state in the table. */
import { SpecRevision } from '#contract/resources/revision.ts';
import type { Database, Write } from './database.ts';
import { created, readItem } from './database.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** Revisions by deployment and number; they are written once and never change. */
export interface RevisionStore {
  get(deploymentId: string, number: number): Promise<SpecRevision | undefined>;
  list(deploymentId: string, request: PageRequest): Promise<Page<SpecRevision>>;
  created(revision: SpecRevision): Write;
}

export function revisionStore(database: Database): RevisionStore {
  return {
    async get(deploymentId, number) {
      const found = await readItem(database, keys.revision(deploymentId, number));
      return found === undefined ? undefined : SpecRevision.parse(found);
    },
    list: (deploymentId, request) =>
      readPage(
        database,
        {
          partition: partitions.deployment(deploymentId),
          prefix: prefixes.revision,
          parse: (found) => SpecRevision.parse(found),
        },
        request,
      ),
    created: (revision) =>
      created(database, 'revision', {
        ...keys.revision(revision.deploymentId, revision.number),
        ...revision,
      }),
  };
}
