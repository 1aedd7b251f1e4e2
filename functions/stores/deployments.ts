/** Deployments in the table. */
import { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import { allowedVerbs } from '#contract/verbs.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, replaced } from './database.ts';
import { labelFilter } from './label-filter.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions } from './table.ts';

/** Which deployments a list shows. */
export interface DeploymentFilter {
  readonly label?: readonly string[] | undefined;
  readonly application?: string | undefined;
  readonly state?: DeploymentState | undefined;
}

/** Deployments by namespace and name. */
export interface DeploymentStore {
  get(namespace: string, name: string): Promise<Deployment | undefined>;
  list(namespace: string, request: PageRequest & DeploymentFilter): Promise<Page<Deployment>>;
  created(deployment: Deployment): Write;
  /** `deployment` carries its new revision. */
  replaced(deployment: Deployment): Write;
}

export function deploymentStore(database: Database): DeploymentStore {
  const item = (deployment: Deployment) => ({
    ...keys.deployment(deployment.namespace, deployment.name, deployment.createdAt),
    ...deployment,
  });
  return {
    async get(namespace, name) {
      const found = await readItem(database, keys.deployment(namespace, name));
      return found === undefined ? undefined : parse(found);
    },
    list(namespace, request) {
      const labels = labelFilter(request.label ?? []);
      const { application, state } = request;
      return readPage(
        database,
        {
          partition: partitions.deployments(namespace),
          index: true,
          filter: [labels.id, application ?? '', state ?? ''].join(';'),
          parse,
          matches: (deployment) =>
            labels.matches(deployment.labels) &&
            (application === undefined || deployment.spec.application === application) &&
            (state === undefined || deployment.status.state === state),
        },
        request,
      );
    },
    created: (deployment) => created(database, 'deployment', item(deployment)),
    replaced: (deployment) => replaced(database, 'deployment', item(deployment), deployment.revision - 1),
  };
}

/** What may be asked is never stored: it follows from the state and from the operation that is under way. */
function parse(item: unknown): Deployment {
  const deployment = Deployment.parse(item);
  const { state, operationId } = deployment.status;
  const allowed = operationId === null ? allowedVerbs(state) : [];
  return { ...deployment, status: { ...deployment.status, allowed } };
}
