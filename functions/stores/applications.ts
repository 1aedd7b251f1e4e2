/** Applications in the table. */
import { Application } from '#contract/resources/application.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, removedAt, replaced } from './database.ts';
import { labelFilter } from './label-filter.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions } from './table.ts';

/** Applications by namespace and name. */
export interface ApplicationStore {
  get(namespace: string, name: string): Promise<Application | undefined>;
  list(
    namespace: string,
    request: PageRequest & { readonly label?: readonly string[] | undefined },
  ): Promise<Page<Application>>;
  created(application: Application): Write;
  /** `application` carries its new revision. */
  replaced(application: Application): Write;
  /** Refused when it was changed since, as a push does. */
  removed(application: Application): Write;
}

export function applicationStore(database: Database): ApplicationStore {
  const item = (application: Application) => ({
    ...keys.application(application.namespace, application.name, application.createdAt),
    ...application,
  });
  return {
    async get(namespace, name) {
      const found = await readItem(database, keys.application(namespace, name));
      return found === undefined ? undefined : Application.parse(found);
    },
    list(namespace, request) {
      const filter = labelFilter(request.label ?? []);
      return readPage(
        database,
        {
          partition: partitions.applications(namespace),
          index: true,
          filter: filter.id,
          parse: (found) => Application.parse(found),
          matches: (application) => filter.matches(application.labels),
        },
        request,
      );
    },
    created: (application) => created(database, 'application', item(application)),
    replaced: (application) => replaced(database, 'application', item(application), application.revision - 1),
    removed: (application) => removedAt(database, 'application', item(application), application.revision),
  };
}
