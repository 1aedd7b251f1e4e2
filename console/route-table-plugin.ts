/** The route table as a page needs it: where a call goes, not what its bodies look like. */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Route } from '#contract/api/route.ts';
import { routes } from '#contract/api/routes.ts';

const FILE = fileURLToPath(import.meta.resolve('#contract/api/routes.ts'));

/** Without it the schemas of the whole API would be in the first view, where nobody parses anything by them. */
export function routeTablePlugin(): Plugin {
  const rows = Object.entries<Route>(routes).map(([id, { method, path, bodyType }]) => [
    id,
    { method, path, bodyType },
  ]);
  const table = JSON.stringify(Object.fromEntries(rows));
  return {
    name: 'headwater-route-table',
    load: (id) =>
      id === FILE
        ? `export const routes = ${table}; export const operationIds = Object.keys(routes);`
        : undefined,
  };
}
