/** A verb of a caller: replayed, planned or accepted. */
import { createHash } from 'node:crypto';
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { Operation } from '#contract/resources/operation.ts';
import type { Plan } from '#contract/resources/operation.ts';
import { decideOperation } from '../control/decide-operation.ts';
import type { VerbRequest } from '../control/decide-operation.ts';
import { canonicalJson } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import { acceptOperation } from './accept-operation.ts';
import { observeSituation } from './observe-situation.ts';

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
    const situation = await observeSituation(platform, deployment);
    const plan = decideOperation(isAsking ? { ...request, acceptStateLoss: true } : request, situation);
    if (plan instanceof Problem) throw plan;
    if (isAsking) return { kind: 'plan', plan };
    try {
      const key = request.idempotencyKey;
      const operation = await acceptOperation(platform, deployment, {
        plan,
        actor: request.actor,
        restoreStrategy: request.restoreStrategy,
        description: request.description,
        savepointDirectory: request.savepointDirectory,
        drain: request.drain,
        idempotency: key === undefined ? undefined : { key, requestHash },
      });
      return { kind: 'operation', operation: Operation.parse(operation) };
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      if (attempt === TRIES) throw crowded(request, error);
    }
  }
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

async function replay(
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
  const asked = canonicalJson({
    verb,
    restoreStrategy,
    acceptStateLoss,
    description,
    savepointDirectory,
    drain,
  });
  return createHash('sha256').update(asked).digest('hex');
}
