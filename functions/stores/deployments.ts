/** Deployments in the table: what each states is stored, what is in effect is found anew at every read. */
import { Deployment } from '#contract/resources/deployment.ts';
import type { ConditionType } from '#contract/resources/deployment.ts';
import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import { isFaulty } from '#contract/effective-spec.ts';
import { allowedVerbs } from '#contract/verbs.ts';
import { resolveSpec } from '#contract/resolve-spec.ts';
import type { SpecLayers } from '#contract/resolve-spec.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, readItems, removedAt, replaced } from './database.ts';
import { labelFilter } from './label-filter.ts';
import { readPage } from './page.ts';
import type { ListOf, Page, PageRequest } from './page.ts';
import { readLayers } from './setting-layers.ts';
import type { LayersOfNamespace } from './setting-layers.ts';
import { keys, partitions } from './table.ts';

/** Which deployments a list shows. */
export interface DeploymentFilter {
  readonly label?: readonly string[] | undefined;
  readonly application?: string | undefined;
  readonly state?: DeploymentState | undefined;
  readonly condition?: ConditionType | undefined;
  /** Those in the trash instead of all others. */
  readonly deleted?: boolean | undefined;
}

/** Deployments by namespace and name. */
export interface DeploymentStore {
  get(namespace: string, name: string): Promise<Deployment | undefined>;
  /** Several of one namespace, in the order of their names; undefined where there is none. */
  getMany(namespace: string, names: readonly string[]): Promise<(Deployment | undefined)[]>;
  list(namespace: string, request: PageRequest & DeploymentFilter): Promise<Page<Deployment>>;
  /** What a deployment of this namespace inherits on a target now. */
  layers(namespace: string, target: string): Promise<SpecLayers>;
  created(deployment: Deployment): Write;
  /** `deployment` carries its new revision. */
  replaced(deployment: Deployment): Write;
  /** As it was read. */
  removed(deployment: Deployment): Write;
}

export function deploymentStore(database: Database, region: string): DeploymentStore {
  const item = (deployment: Deployment) => ({
    ...keys.deployment(
      deployment.namespace,
      deployment.name,
      deployment.createdAt,
      deployment.deletion !== null,
    ),
    ...deployment,
    // A verb changes what is wanted in the spec alone.
    stated: { ...deployment.stated, desiredState: deployment.spec.desiredState },
  });
  const layersOf = (namespace: string, stored: readonly Deployment[]): Promise<LayersOfNamespace> =>
    readLayers(database, region, namespace, stored.map(targetOf));
  return {
    async get(namespace, name) {
      const found = await readItem(database, keys.deployment(namespace, name));
      if (found === undefined) return undefined;
      const stored = parse(found);
      return inEffect(stored, await layersOf(namespace, [stored]));
    },
    async getMany(namespace, names) {
      const found = await readItems(
        database,
        names.map((name) => keys.deployment(namespace, name)),
      );
      const stored = found.map((one) => (one === undefined ? undefined : parse(one)));
      const present = stored.flatMap((one) => one ?? []);
      if (present.length === 0) return stored;
      const layers = await layersOf(namespace, present);
      return stored.map((one) => (one === undefined ? undefined : inEffect(one, layers)));
    },
    async list(namespace, request) {
      const page = await readPage(database, listOf(namespace, request), request);
      if (page.items.length === 0) return page;
      const layers = await layersOf(namespace, page.items);
      const items = page.items.map((stored) => inEffect(stored, layers));
      return { ...page, items: items.filter((deployment) => holds(deployment, request.condition)) };
    },
    async layers(namespace, target) {
      return (await readLayers(database, region, namespace, [target])).on(target);
    },
    created: (deployment) => created(database, 'deployment', item(deployment)),
    replaced: (deployment) => replaced(database, 'deployment', item(deployment), deployment.revision - 1),
    removed: ({ namespace, name, revision }) =>
      removedAt(database, 'deployment', keys.deployment(namespace, name), revision),
  };
}

function holds({ status }: Deployment, condition: ConditionType | undefined): boolean {
  return condition === undefined || status.conditions.some(({ type }) => type === condition);
}

/** The stored ones that a list shows. What follows from inherited settings is filtered behind it: such pages may be short. */
function listOf(namespace: string, filter: DeploymentFilter): ListOf<Deployment> {
  const labels = labelFilter(filter.label ?? []);
  const { application, state, condition, deleted = false } = filter;
  return {
    partition: deleted ? partitions.deletedDeployments(namespace) : partitions.deployments(namespace),
    index: true,
    filter: [labels.id, application ?? '', state ?? '', condition ?? ''].join(';'),
    parse,
    matches: (deployment) =>
      labels.matches(deployment.labels) &&
      (application === undefined || deployment.spec.application === application) &&
      (state === undefined || deployment.status.state === state) &&
      (condition === 'spec-invalid' || holds(deployment, condition)),
  };
}

/** What may be asked is never stored: it follows from the state and from the operation that is under way. */
function parse(item: unknown): Deployment {
  const deployment = Deployment.parse(item);
  const { state, operationId, queue, conditions } = deployment.status;
  const isFree = operationId === null && queue.length === 0 && deployment.deletion === null;
  return {
    ...deployment,
    // Written before there were levels: everything was stated then.
    stated: Object.keys(deployment.stated).length === 0 ? deployment.spec : deployment.stated,
    status: {
      ...deployment.status,
      allowed: isFree ? allowedVerbs(state) : [],
      // Found anew as well.
      conditions: conditions.filter(({ type }) => type !== 'spec-invalid'),
    },
  };
}

function targetOf({ stated, spec }: Deployment): string {
  return typeof stated['target'] === 'string' ? stated['target'] : spec.target;
}

/**
 * The deployment with the spec that its levels make now.
 *
 * Changes of levels that make a spec invalid are refused; should one get through all the same, the last valid spec
 * stays in effect and a condition says so.
 */
function inEffect(stored: Deployment, layers: LayersOfNamespace): Deployment {
  const resolved = resolveSpec(stored, layers.on(targetOf(stored)));
  if (!isFaulty(resolved)) {
    const { desiredState } = stored.spec;
    return { ...stored, spec: { ...resolved.spec, desiredState }, origins: resolved.origins };
  }
  const first = resolved[0];
  const condition = {
    type: 'spec-invalid' as const,
    reason: 'inherited-settings',
    message: `The last valid spec stays in effect: ${first?.pointer ?? '/spec'} ${first?.message ?? 'is invalid'}.`,
    since: layers.modifiedAt,
  };
  const { status } = stored;
  return { ...stored, status: { ...status, conditions: [...status.conditions, condition] } };
}
