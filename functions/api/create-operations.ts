/** One verb for many deployments: each is decided by itself, and none waits for another. */
import { Problem } from '#contract/problems.ts';
import type { ManyVerbs, VerbOutcome } from '#contract/resources/many-verbs.ts';
import { mayAccess } from '../control/decide-access.ts';
import { handler } from '../middleware/call.ts';
import type { Access } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import type { Platform } from '../middleware/platform.ts';
import { requestVerb } from '../operations/request-verb.ts';
import type { RequestedVerb } from '../operations/request-verb.ts';
import { existingNamespace } from './existing.ts';

/** Each verb is some ten calls to the table and the workflow, so that a few at once keep the function busy. */
const AT_ONCE = 16;
/** A function of the API has 29 seconds; whatever has not begun by then belongs to the next page. */
const PATIENCE_MS = 20_000;

export const createOperations = handler(
  'createOperations',
  async ({ platform, params, query, body, access, idempotencyKey }) => {
    await existingNamespace(platform, params.namespace);
    const chosen = await chooseDeployments(platform, params.namespace, { ...body, access });
    const verb = (deployment: string): RequestedVerb => ({
      namespace: params.namespace,
      deployment,
      verb: body.verb,
      description: body.description,
      acceptStateLoss: body.acceptStateLoss,
      actor: access.actor,
      // Keys are those of a deployment, so that one key does for all.
      idempotencyKey,
      dryRun: query.dryRun,
      whenBusy: query.whenBusy,
    });
    const permitted = (deployment: string): RequestedVerb => {
      // As the route of the verb asks it; one that may not be operated is an outcome like any other.
      const permission = body.verb === 'savepoint' ? 'savepoints:create' : 'deployments:operate';
      const place = { namespace: params.namespace, deployment };
      demand(access, permission, place, `${body.verb} deployment "${deployment}"`);
      return verb(deployment);
    };
    const items = await askAll(platform, chosen.names, permitted);
    const isCut = items.length < chosen.names.length;
    return {
      body: {
        items,
        accepted: items.filter(({ problem }) => problem === null).length,
        refused: items.filter(({ problem }) => problem !== null).length,
        next: isCut ? await chosen.nextAfter(items.at(-1)?.deployment) : chosen.next,
      },
    };
  },
);

interface Chosen {
  readonly names: readonly string[];
  readonly next: string | null;
  /** Cursor of what follows a deployment of this page; undefined is the page itself. */
  nextAfter(deployment: string | undefined): Promise<string | null>;
}

async function chooseDeployments(
  { stores }: Platform,
  namespace: string,
  { labels, names, application, state, limit, cursor, access }: ManyVerbs & { readonly access: Access },
): Promise<Chosen> {
  if (names !== undefined && labels.length === 0 && application === undefined && state === undefined) {
    const from = cursor === undefined ? 0 : startOf(cursor);
    const next = from + limit < names.length ? `name-${from + limit}` : null;
    const nextAfter = async (deployment: string | undefined): Promise<string> =>
      `name-${deployment === undefined ? from : names.indexOf(deployment, from) + 1}`;
    return { names: names.slice(from, from + limit), next, nextAfter };
  }
  const list = (most: number) =>
    stores.deployments.list(namespace, { label: labels, application, state, limit: most, cursor });
  const page = await list(limit);
  // What a caller may not see, a selector does not name to them.
  const found = page.items
    .map(({ name }) => name)
    .filter((name) => mayAccess(access.grants, 'deployments:read', { namespace, deployment: name }));
  const chosen = names === undefined ? found : found.filter((name) => names.includes(name));
  // A deployment that is made meanwhile comes first: then some are asked again by the same key, and none is left out.
  const nextAfter = async (deployment: string | undefined): Promise<string | null> => {
    const asked = page.items.findIndex(({ name }) => name === deployment) + 1;
    return asked === 0 ? (cursor ?? null) : (await list(asked)).next;
  };
  return { names: chosen, next: page.next, nextAfter };
}

function startOf(cursor: string): number {
  const from = /^name-(\d{1,4})$/.exec(cursor)?.[1];
  if (from !== undefined) return Number(from);
  throw new Problem(
    'invalid-cursor',
    'Cannot go on with the deployments: the cursor was not given for these names',
  );
}

async function askAll(
  platform: Platform,
  names: readonly string[],
  verb: (deployment: string) => RequestedVerb,
): Promise<VerbOutcome[]> {
  const deadline = platform.now().getTime() + PATIENCE_MS;
  const outcomes: VerbOutcome[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE) {
    if (platform.now().getTime() > deadline) break;
    const batch = names.slice(from, from + AT_ONCE);
    outcomes.push(...(await Promise.all(batch.map((name) => askOne(platform, name, verb)))));
  }
  return outcomes;
}

async function askOne(
  platform: Platform,
  deployment: string,
  verb: (deployment: string) => RequestedVerb,
): Promise<VerbOutcome> {
  const none = { deployment, operation: null, plan: null, problem: null };
  try {
    const answer = await requestVerb(platform, verb(deployment));
    return answer.kind === 'plan' ? { ...none, plan: answer.plan } : { ...none, operation: answer.operation };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...none, problem: error.toBody() };
  }
}
