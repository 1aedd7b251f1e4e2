/** A fork as it is asked for: the new deployment and its first operation, in one transaction. */
import { createHash } from 'node:crypto';
import { Problem } from '#contract/problems.ts';
import { DeploymentInput } from '#contract/resources/deployment.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { Operation } from '#contract/resources/operation.ts';
import type { Plan } from '#contract/resources/operation.ts';
import type { ForkInput } from '#contract/resources/verb-input.ts';
import { startTimeProblem } from '../control/check-ends.ts';
import { newDeployment } from '../control/new-deployment.ts';
import { newEvent } from '../control/new-event.ts';
import { withOperation } from '../control/new-operation.ts';
import { firstRevision } from '../control/new-revision.ts';
import { planFork, statedFork } from '../control/plan-fork.ts';
import { canonicalJson } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { WriteConflict } from '../stores/database.ts';
import type { Write } from '../stores/database.ts';
import { acceptanceWrites } from './accept-operation.ts';
import { adoptVersion } from './adopt-version.ts';
import { copyApplication } from './copy-application.ts';
import { observeObstacle } from './observe-obstacle.ts';
import { observeCheckpoint } from './observe-situation.ts';
import { requestParentSavepointSoon } from '../steps/parent-savepoint.ts';
import { quotaProblem } from './quota-problem.ts';
import { replay, type VerbAnswer } from './request-verb.ts';
import { specInEffect } from './restate.ts';
import { ownerOf } from '../savepoints/savepoint-owner.ts';
import { startExecutionSoon } from './start-execution.ts';

/** A fork as it arrives. */
export interface RequestedFork {
  readonly parent: Deployment;
  readonly input: ForkInput;
  readonly actor: string;
  readonly idempotencyKey: string | undefined;
  readonly dryRun: boolean;
}

const IDEMPOTENCY_SECONDS = 86_400;
// The savepoint that is forked from may be written at the same moment, and the same request may arrive twice.
const TRIES = 4;

/** Answers the plan, or the operation of the new deployment. */
export async function beginFork(platform: Platform, request: RequestedFork): Promise<VerbAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryFork(platform, request);
    } catch (error) {
      if (!(error instanceof WriteConflict) || attempt === TRIES) throw error;
    }
  }
}

async function tryFork(platform: Platform, request: RequestedFork): Promise<VerbAnswer> {
  const { parent, input, idempotencyKey, dryRun } = request;
  const requestHash = createHash('sha256').update(canonicalJson(input)).digest('hex');
  const replayed = dryRun ? undefined : await replay(platform, parent, idempotencyKey, requestHash);
  if (replayed !== undefined) return { kind: 'operation', operation: replayed };
  const plan = await decideFork(platform, request);
  if (plan instanceof Problem) throw plan;
  const deployment = await makeFork(platform, request);
  const obstacle =
    (await quotaProblem(platform, deployment, { isNew: true, plan })) ??
    (await observeObstacle(platform, deployment));
  if (obstacle !== undefined) throw obstacle;
  if (dryRun) return { kind: 'plan', plan };
  const operation = await accept(platform, { ...request, plan, deployment, requestHash });
  return { kind: 'operation', operation };
}

async function decideFork(platform: Platform, { parent, input }: RequestedFork): Promise<Plan | Problem> {
  const { stores } = platform;
  const [savepoints, head, named] = await Promise.all([
    stores.savepoints.completed(parent.id),
    stores.heads.read(parent.id),
    input.savepointId === undefined ? undefined : stores.savepoints.get(parent.id, input.savepointId),
  ]);
  const checkpoint = await observeCheckpoint(platform, head?.head.checkpoint);
  return planFork(input, { parent, candidates: { savepoints, checkpoint }, savepoint: named });
}

/** The new deployment before its first operation. Throws what a creation of it would throw. */
async function makeFork(platform: Platform, { parent, input, dryRun }: RequestedFork): Promise<Deployment> {
  const { stores, now, newId } = platform;
  const namespace = input.namespace ?? parent.namespace;
  const place = { id: newId(), namespace, name: input.name };
  if ((await stores.deployments.get(namespace, input.name)) !== undefined) throw taken(place);
  const wanted = statedFork(parent, input);
  const version = await versionIn(platform, {
    parent,
    namespace,
    version: wanted['version'],
    startAt: input.startAt,
    dryRun,
  });
  const body = parsePart(DeploymentInput, {
    name: input.name,
    labels: input.labels ?? parent.labels,
    annotations: parent.annotations,
    spec: { ...wanted, version: version.number },
  });
  const effective = await specInEffect(platform, {
    ...place,
    namespace: version.namespace,
    stated: body.spec,
  });
  const at = now().toISOString();
  return {
    ...newDeployment(body, { ...place, at, ...effective }),
    parent: {
      deploymentId: parent.id,
      deployment: parent.name,
      namespace: parent.namespace,
      savepointId: input.savepointId ?? null,
    },
    expiresAt: input.expiresAt ?? null,
  };
}

/** The version in the namespace of the fork. A dry run copies nothing, and looks at the one of the parent. */
async function versionIn(
  platform: Platform,
  wanted: {
    readonly parent: Deployment;
    readonly namespace: string;
    readonly version: unknown;
    readonly startAt: string | undefined;
    readonly dryRun: boolean;
  },
): Promise<{ readonly number: number; readonly namespace: string }> {
  const { parent, namespace, dryRun } = wanted;
  const { application } = parent.spec;
  const number = Number(wanted.version);
  const version = await platform.stores.versions.get(parent.namespace, application, number);
  if (version === undefined) {
    const message = `Cannot fork deployment "${parent.name}": version ${number} of "${application}" was never pushed in namespace "${parent.namespace}"`;
    throw new Problem('not-found', message);
  }
  const problem = startTimeProblem(`fork deployment "${parent.name}"`, wanted.startAt, version.graph);
  if (problem !== undefined) throw problem;
  if (namespace === parent.namespace || dryRun) return { number, namespace: parent.namespace };
  return { number: await copyApplication(platform, version, namespace), namespace };
}

interface Accepting extends RequestedFork {
  readonly plan: Plan;
  readonly deployment: Deployment;
  readonly requestHash: string;
}

async function accept(platform: Platform, accepting: Accepting): Promise<Operation> {
  const { plan, deployment: made, input, actor } = accepting;
  const { stores } = platform;
  const { operation, writes } = acceptanceWrites(platform, made, {
    plan,
    actor,
    description: input.reason,
    restoreStrategy: input.state === 'none' ? { kind: 'none' } : undefined,
    startAt: input.startAt,
  });
  const deployment: Deployment = { ...withOperation(made, operation), revision: 1 };
  const author = { actor, at: operation.createdAt, reason: input.reason };
  try {
    await stores.commit([
      stores.deployments.created(deployment),
      stores.revisions.created({ ...firstRevision(deployment, author), operationId: operation.id }),
      ...(await adoptVersion(platform, deployment)),
      ...(await parentWrites(platform, accepting, operation)),
      ...forkEvents(platform, accepting, operation.createdAt),
      ...writes,
    ]);
  } catch (cause) {
    // With its key beside it, it was this very request that took the name.
    const isTaken =
      cause instanceof WriteConflict &&
      cause.resources.includes('deployment') &&
      !cause.resources.includes('idempotency');
    throw isTaken ? taken(made, cause) : cause;
  }
  await startExecutionSoon(platform, operation);
  if (plan.restore === null && deployment.parent !== null)
    await requestParentSavepointSoon(platform, operation, deployment.parent);
  return Operation.parse(operation);
}

/** What is remembered beside the fork itself: the key, its end, and that it needs the savepoint. */
async function parentWrites(
  { stores, now }: Platform,
  { parent, input, idempotencyKey, requestHash, deployment }: Accepting,
  operation: Operation,
): Promise<Write[]> {
  const { namespace, name, id } = deployment;
  const source =
    input.savepointId === undefined ? undefined : await stores.savepoints.get(parent.id, input.savepointId);
  const expiresAt = Math.floor(now().getTime() / 1000) + IDEMPOTENCY_SECONDS;
  return [
    ...(idempotencyKey === undefined
      ? []
      : [
          stores.idempotency.created({
            key: idempotencyKey,
            requestHash,
            deploymentId: parent.id,
            operationId: operation.id,
            expiresAt,
          }),
        ]),
    ...(source === undefined
      ? []
      : [
          stores.savepoints.changed(source),
          stores.savepointCopies.written({
            ownerId: ownerOf(stores, source),
            id: operation.id,
            source: { deploymentId: source.deploymentId, savepointId: source.id },
            namespace,
            deployment: name,
            deploymentId: id,
            operationId: operation.id,
            folder: null,
          }),
        ]),
    ...(deployment.expiresAt === null
      ? []
      : [
          stores.due.added({
            at: deployment.expiresAt,
            kind: 'end-deployment',
            namespace,
            deployment: name,
            deploymentId: id,
            id,
          }),
        ]),
  ];
}

function forkEvents(
  { stores, newId }: Platform,
  { parent, deployment: fork, actor }: Accepting,
  at: string,
): Write[] {
  const of = ({ namespace, name, id }: Deployment) => ({ namespace, deployment: name, deploymentId: id });
  const told = `Deployment "${fork.name}" of namespace "${fork.namespace}" was forked from it.`;
  return [
    newEvent(
      { id: newId(), at, actor, ...of(fork) },
      {
        name: 'deployment-created',
        message: `Forked from deployment "${parent.name}".`,
      },
    ),
    newEvent({ id: newId(), at, actor, ...of(parent) }, { name: 'deployment-forked', message: told }),
  ].map((event) => stores.events.appended(event));
}

function taken(place: { readonly name: string; readonly namespace: string }, cause?: unknown): Problem {
  const message = `Cannot create deployment "${place.name}": namespace "${place.namespace}" has one of this name, which may lie in the trash; choose another`;
  return new Problem('already-exists', message, { cause });
}
