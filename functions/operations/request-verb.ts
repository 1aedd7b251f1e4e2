/** A verb of a caller: replayed, planned or accepted. */
import { createHash } from 'node:crypto';
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { Operation } from '#contract/resources/operation.ts';
import type { Plan } from '#contract/resources/operation.ts';
import { decideOperation } from '../control/decide-operation.ts';
import type { VerbRequest } from '../control/decide-operation.ts';
import { newReplacement } from '../control/new-replacement.ts';
import { canonicalJson } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import { acceptOperation } from './accept-operation.ts';
import type { AcceptedRequest } from './accept-operation.ts';
import { enqueueOperation } from './enqueue-operation.ts';
import { observeSituation } from './observe-situation.ts';
import { quotaProblem } from './quota-problem.ts';
import { statedByVerb } from './stated-by-verb.ts';
import type { StatedChange } from './stated-by-verb.ts';

/** A verb as it arrives. */
export interface RequestedVerb extends VerbRequest {
  readonly namespace: string;
  readonly deployment: string;
  readonly actor: string;
  readonly description?: string | undefined;
  /** Key of the folder for the savepoint that the verb takes. */
  readonly savepointDirectory?: string | undefined;
  readonly drain?: boolean | undefined;
  readonly idempotencyKey: string | undefined;
  readonly dryRun?: boolean;
  /** What becomes of it while another operation is under way. */
  readonly whenBusy?: 'refuse' | 'queue' | undefined;
  /** Revision of the deployment that the caller has read; any when undefined. */
  readonly ifMatch?: number | undefined;
  /** What the verb changes of what the deployment states. */
  readonly change?: StatedChange | undefined;
}

/** Either form of answer to a verb. */
export type VerbAnswer =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'operation'; readonly operation: Operation };

// Of many that arrive at once one wins, and the others see its operation at their next look.
const TRIES = 8;

export async function requestVerb(platform: Platform, request: RequestedVerb): Promise<VerbAnswer> {
  for (let attempt = 1; ; attempt++) {
    const deployment = await deploymentNamed(platform, request.namespace, request.deployment);
    const requestHash = hashOf(request);
    const isAsking = request.dryRun === true;
    const replayed = isAsking
      ? undefined
      : await replay(platform, deployment, request.idempotencyKey, requestHash);
    if (replayed !== undefined) return { kind: 'operation', operation: replayed };
    checkRead(deployment, request);
    const key = request.idempotencyKey;
    const idempotency = key === undefined ? undefined : { key, requestHash };
    const accepted = await decideRequest(platform, deployment, request);
    const isQueued = accepted instanceof Problem && !isAsking && mayWait(request, accepted);
    if (accepted instanceof Problem && !isQueued) throw accepted;
    const isOnlyTold = isAsking || (!(accepted instanceof Problem) && accepted.plan.steps.length === 0);
    if (!(accepted instanceof Problem) && isOnlyTold) return { kind: 'plan', plan: accepted.plan };
    try {
      const operation =
        accepted instanceof Problem
          ? await enqueueOperation(platform, deployment, { request, idempotency })
          : await acceptOperation(platform, deployment, { ...accepted, idempotency });
      return { kind: 'operation', operation: Operation.parse(operation) };
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      if (attempt === TRIES) throw crowded(request, error);
    }
  }
}

function mayWait({ whenBusy }: RequestedVerb, { code }: Problem): boolean {
  return whenBusy === 'queue' && code === 'operation-in-progress';
}

/** What is accepted for a verb now, or the problem that stands against it. */
export async function decideRequest(
  platform: Platform,
  deployment: Deployment,
  request: RequestedVerb,
): Promise<AcceptedRequest | Problem> {
  const { change, actor } = request;
  const restated =
    change === undefined ? undefined : await statedByVerb(platform, deployment, { change, actor });
  const situation = await observeSituation(platform, restated?.deployment ?? deployment, {
    verb: request.verb,
    rollbackTo: restated?.rollbackTo,
    isRestated: restated?.revision !== undefined,
  });
  // A dry run asks nothing, it tells.
  const asked = request.dryRun === true ? { ...request, acceptStateLoss: true } : request;
  const plan = decideOperation(asked, situation);
  if (plan instanceof Problem) return plan;
  const beyond = await quotaProblem(platform, wanted(restated?.deployment ?? deployment, request), {
    isNew: false,
    plan,
  });
  if (beyond !== undefined) return beyond;
  const replacing = newReplacement(asked, situation, deployment);
  return {
    plan,
    actor,
    restated,
    replacement: replacing?.replacement,
    restoreStrategy: replacing === null ? request.restoreStrategy : replacing.restoreStrategy,
    description: request.description,
    savepointDirectory: request.savepointDirectory,
    drain: request.drain,
    parallelism: request.parallelism,
    deletion: request.deletion,
    startAt: request.startAt,
  };
}

/** The deployment as the verb makes it run. */
function wanted(deployment: Deployment, { parallelism }: RequestedVerb): Deployment {
  if (parallelism === undefined) return deployment;
  return { ...deployment, spec: { ...deployment.spec, parallelism } };
}

function checkRead({ name, revision }: Deployment, { verb, ifMatch }: RequestedVerb): void {
  if (ifMatch === undefined || ifMatch === revision) return;
  const message = `Cannot ${verb} deployment "${name}": it is at revision ${revision}, If-Match names ${ifMatch}`;
  throw new Problem('revision-changed', message);
}

function crowded({ verb, deployment }: RequestedVerb, cause: unknown): Problem {
  const message = `Cannot ${verb} deployment "${deployment}": many others change it at this moment; try again`;
  return new Problem('operation-in-progress', message, { cause });
}

/** The deployment, or the problem that there is none. */
export async function deploymentNamed(
  { stores }: Platform,
  namespace: string,
  name: string,
): Promise<Deployment> {
  const found = await stores.deployments.get(namespace, name);
  if (found !== undefined) return found;
  const message = `Cannot find deployment "${name}": namespace "${namespace}" has none of this name`;
  throw new Problem('not-found', message);
}

/** The operation that a request with this key has begun before. Throws `idempotency-key-reused` where it was another. */
export async function replay(
  { stores }: Platform,
  deployment: Deployment,
  key: string | undefined,
  requestHash: string,
): Promise<Operation | undefined> {
  const record = key === undefined ? undefined : await stores.idempotency.get(deployment.id, key);
  if (record === undefined) return undefined;
  if (record.requestHash !== requestHash) {
    const message = `Cannot accept the request: Idempotency-Key "${key}" began operation ${record.operationId} with another request; send a new key`;
    throw new Problem('idempotency-key-reused', message, { operationId: record.operationId });
  }
  const operation = await stores.operations.get(record.operationId);
  return operation === undefined ? undefined : Operation.parse(operation);
}

/** Of what was asked, not of who asked or when. */
function hashOf(request: RequestedVerb): string {
  const { verb, restoreStrategy, acceptStateLoss, description, savepointDirectory, drain } = request;
  const { parallelism, deletion, change, gate, startAt } = request;
  const asked = canonicalJson({
    verb,
    restoreStrategy,
    acceptStateLoss,
    description,
    savepointDirectory,
    drain,
    parallelism,
    deletion,
    startAt,
    change,
    gate,
  });
  return createHash('sha256').update(asked).digest('hex');
}
