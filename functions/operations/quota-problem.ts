import type { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Plan } from '#contract/resources/operation.ts';
import { checkQuota, checkSavepointQuota, hasQuota } from '../control/check-quota.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Page, PageRequest } from '../stores/page.ts';

/** What is about to happen to a deployment. */
export interface Intent {
  readonly isNew: boolean;
  /** Undefined where nothing begins with it. */
  readonly plan: Plan | undefined;
}

/** The problem that the quota of its namespace stands against it; nothing is counted where there is no quota. */
export async function quotaProblem(
  { stores }: Pick<Platform, 'stores'>,
  deployment: Deployment,
  { isNew, plan }: Intent,
): Promise<Problem | undefined> {
  const namespace = await stores.namespaces.get(deployment.namespace);
  if (namespace === undefined || !hasQuota(namespace.quota)) return undefined;
  if (plan?.kind === 'savepoint') {
    const savepoints = await all((request) => stores.savepoints.list(deployment.id, request));
    const completed = savepoints.filter(({ state }) => state === 'completed');
    return checkSavepointQuota(namespace, deployment.name, completed.length);
  }
  const willRun = plan?.steps.some(({ name }) => name === 'start-task' || name === 'rescale-job') === true;
  if (!isNew && !willRun) return undefined;
  const held = await all((request) => stores.deployments.list(namespace.name, request));
  return checkQuota(namespace, held, { deployment, isNew, willRun });
}

async function all<T>(page: (request: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...answer.items);
    cursor = answer.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
