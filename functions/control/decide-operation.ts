import { Problem } from '#contract/problems.ts';
import type { Deployment, RestoreStrategy } from '#contract/resources/deployment.ts';
import type { RestoredFrom } from '#contract/resources/job.ts';
import type { OperationKind, Plan } from '#contract/resources/operation.ts';
import { refusal } from '#contract/verbs.ts';
import type { Verb } from '#contract/verbs.ts';
import { workflows } from '#contract/workflows.ts';
import { chooseRestore } from './choose-restore.ts';
import type { RestoreCandidates } from './choose-restore.ts';

/** A verb with what its caller chose. */
export interface VerbRequest {
  readonly verb: Verb;
  /** Of a start: instead of the strategy in the spec. */
  readonly restoreStrategy?: RestoreStrategy | undefined;
  /** Of a cancel: the caller knows what is given up. A dry run asks nothing, it tells. */
  readonly acceptStateLoss?: boolean | undefined;
}

/** What is known of a deployment when a verb arrives. */
export interface Situation {
  readonly deployment: Deployment;
  /** What the operation under way does, when there is one. */
  readonly activeKind?: OperationKind | undefined;
  readonly candidates: Omit<RestoreCandidates, 'deployment'>;
  /** Changes of the spec that the running job does not have yet, as sentences. */
  readonly warnings?: readonly string[];
}

/**
 * Whether a verb is carried out now, and how.
 *
 * Answers the plan, or the problem that the caller sees: `operation-in-progress`, `verb-not-allowed`,
 * `no-state-to-restore` or `state-loss-not-accepted`, examined in this order.
 */
export function decideOperation(request: VerbRequest, situation: Situation): Plan | Problem {
  const { deployment } = situation;
  const { verb } = request;
  const { operationId, state } = deployment.status;
  if (operationId !== null) return inProgress(verb, situation, operationId);
  const reason = refusal(verb, state);
  if (reason !== undefined) {
    const message = reason.replace(
      /^Cannot \w+: the deployment/,
      `Cannot ${verb} deployment "${deployment.name}": it`,
    );
    return new Problem('verb-not-allowed', message, { allowed: deployment.status.allowed });
  }
  const restore = verb === 'start' ? restoreOf(request, situation) : null;
  if (restore instanceof Problem) return restore;
  const losses = verb === 'cancel' && state === 'running' ? lossesOf(situation) : [];
  if (losses.length > 0 && deployment.spec.protected && request.acceptStateLoss !== true) {
    return lossNotAccepted(deployment, losses);
  }
  return planOf(verb, deployment.name, {
    restore,
    losses,
    warnings: [...(situation.warnings ?? []), ...warningsOf(verb, restore, situation)],
  });
}

/** The plan of a workflow; `recover` has one too, although nobody asks for it. */
export function planOf(
  kind: OperationKind,
  deployment: string,
  details: Partial<Omit<Plan, 'kind' | 'deployment' | 'steps'>> = {},
): Plan {
  return {
    kind,
    deployment,
    steps: workflows[kind].map(({ step, title }) => ({ name: step, title })),
    restore: null,
    changes: [],
    verdict: null,
    losses: [],
    warnings: [],
    expectedPauseMs: null,
    ...details,
  };
}

function inProgress(verb: Verb, situation: Situation, operationId: string): Problem {
  const what = situation.activeKind === undefined ? 'another operation' : `its ${situation.activeKind}`;
  return new Problem(
    'operation-in-progress',
    `Cannot ${verb} deployment "${situation.deployment.name}": ${what} (operation ${operationId}) is under way; wait until it ends`,
    { operationId, allowed: [] },
  );
}

function restoreOf(request: VerbRequest, situation: Situation): RestoredFrom | Problem {
  const { deployment, candidates } = situation;
  const strategy = request.restoreStrategy ?? deployment.spec.restoreStrategy;
  return chooseRestore(strategy, { ...candidates, deployment: deployment.name });
}

function lossesOf({ candidates }: Situation): string[] {
  const { checkpoint } = candidates;
  const since =
    checkpoint === undefined
      ? 'All state of the running job is given up: no checkpoint of it is complete yet.'
      : `What the running job computed since checkpoint ${checkpoint.id} of ${new Date(checkpoint.atMs).toISOString()} is given up.`;
  return [since];
}

function lossNotAccepted(deployment: Deployment, losses: readonly string[]): Problem {
  return new Problem(
    'state-loss-not-accepted',
    `Cannot cancel deployment "${deployment.name}": it is protected. ${losses[0]} Suspend it, or set acceptStateLoss`,
    { allowed: deployment.status.allowed },
  );
}

function warningsOf(verb: Verb, restore: RestoredFrom | null, { candidates }: Situation): string[] {
  if (verb !== 'start' || restore?.kind !== 'none') return [];
  const hasState =
    candidates.checkpoint !== undefined ||
    candidates.savepoints.some((savepoint) => savepoint.state === 'completed');
  return hasState ? ['The job starts empty although state is there; its savepoints are kept.'] : [];
}
