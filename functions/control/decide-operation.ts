import { Problem } from '#contract/problems.ts';
import { durationMs } from '#contract/duration.ts';
import type { GraphDescription } from '#contract/resources/application-version.ts';
import type { Deployment, RestoreStrategy } from '#contract/resources/deployment.ts';
import type { Job } from '#contract/resources/job.ts';
import type { Operation, OperationKind, Plan } from '#contract/resources/operation.ts';
import type { UpgradeGate } from '#contract/resources/upgrade.ts';
import type { Verdict } from '#contract/resources/verdict.ts';
import { refusal } from '#contract/verbs.ts';
import type { Verb } from '#contract/verbs.ts';
import { workflows } from '#contract/workflows.ts';
import type { RestoreCandidates } from './choose-restore.ts';
import { jobDifferences } from './job-settings.ts';
import { keyGroupFault } from './key-group-fault.ts';
import { inTrash } from './in-trash.ts';
import type { Deletion } from './new-operation.ts';
import { planBeginning } from './plan-beginning.ts';
import type { Beginning } from './plan-beginning.ts';
import { startSentences } from './state-sentences.ts';
import { stateLosses } from './state-losses.ts';
import type { Loss } from './state-losses.ts';
import { verdict, verdictSentence } from './verdict.ts';

/** A verb with what its caller chose. */
export interface VerbRequest {
  readonly verb: Verb;
  /** Instead of the strategy in the spec; of a reset the savepoint that it goes back to. */
  readonly restoreStrategy?: RestoreStrategy | undefined;
  /** The caller knows what is given up. A dry run asks nothing, it tells. */
  readonly acceptStateLoss?: boolean | undefined;
  /** Instead of the gate in the spec. */
  readonly gate?: UpgradeGate | undefined;
  /** Of a rescale. */
  readonly parallelism?: number | undefined;
  /** Of a delete. */
  readonly deletion?: Deletion | undefined;
  /** Of a start: sources begin at this time, not at the positions of the state. */
  readonly startAt?: string | undefined;
}

/** What is known of a deployment when a verb arrives. */
export interface Situation {
  /** With the spec that it will have; its status is the one of now. */
  readonly deployment: Deployment;
  /** The operation under way, or the first one that waits for its turn. */
  readonly active?: Pick<Operation, 'id' | 'kind' | 'actor' | 'createdAt'> | undefined;
  readonly candidates: Omit<RestoreCandidates, 'deployment'>;
  /** Changes of the spec that the running job does not have yet, as sentences. */
  readonly warnings?: readonly string[];
  /** The newest one. */
  readonly job?: Pick<Job, 'number' | 'spec' | 'specRevision' | 'restoredFrom' | 'state'> | undefined;
  /** Of the versions that states and specs name, as far as they exist. */
  readonly graphs?: ReadonlyMap<number, GraphDescription> | undefined;
  /** Of the last operations of this kind that succeeded. */
  readonly pausesMs?: readonly number[];
  /** Number of the revision that a rollback returns to. */
  readonly rollbackTo?: number | undefined;
  /** The verb changes what the deployment states. */
  readonly isRestated?: boolean;
  /** What stands against beginning a job: a missing secret, a target that is absent or full. */
  readonly obstacle?: Problem | undefined;
  readonly nowMs?: number | undefined;
}

/**
 * Whether a verb is carried out now, and how.
 *
 * Answers the plan, or the problem that the caller sees: `operation-in-progress`, `verb-not-allowed`,
 * `invalid-request` for a gate that nothing can pass, the obstacle if there is one, `no-state-to-restore`, `state-incompatible` or
 * `state-loss-not-accepted`, examined in this order. Nothing of it touches the running job.
 */
export function decideOperation(request: VerbRequest, situation: Situation): Plan | Problem {
  const { deployment } = situation;
  const { verb } = request;
  const { operationId, state, queue } = deployment.status;
  // What is in the trash can only be removed for good.
  const trashed = request.deletion?.purge === true ? undefined : inTrash(verb, deployment);
  if (trashed !== undefined) return trashed;
  const firstInLine = operationId ?? queue[0];
  if (firstInLine !== undefined) return inProgress(verb, situation, firstInLine);
  const reason = refusal(verb, state);
  if (reason !== undefined) {
    const message = reason.replace(
      /^Cannot \w+: the deployment/,
      `Cannot ${verb} deployment "${deployment.name}": it`,
    );
    return new Problem('verb-not-allowed', message, { allowed: deployment.status.allowed });
  }
  const running = nothingToDo(verb, situation);
  if (running !== undefined) return running;
  const fault = gateFault(request, situation);
  if (fault !== undefined) return fault;
  if (situation.obstacle !== undefined) return situation.obstacle;
  const beginning = planBeginning(request, situation);
  if (beginning instanceof Problem) return beginning;
  const misfit = keyGroupFault(request, situation, beginning);
  if (misfit !== undefined) return misfit;
  const judged = judgeState(situation, beginning);
  if (judged?.compatibility === 'incompatible') return incompatible(request, situation, judged);
  const losses = stateLosses(request, situation, beginning);
  if (isAcceptanceMissing(request, situation, losses)) return lossNotAccepted(verb, deployment, losses);
  return planOf(verb, deployment.name, {
    restore: beginning?.restore ?? null,
    changes: changesOf(situation, beginning),
    verdict: judged,
    losses: losses.map(({ sentence }) => sentence),
    warnings: [
      ...(situation.warnings ?? []),
      ...warningsOf(verb, situation, beginning, judged),
      ...startSentences(request.startAt),
    ],
    expectedPauseMs: median(situation.pausesMs ?? []),
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

function inProgress(verb: Verb, { active, deployment }: Situation, operationId: string): Problem {
  const what =
    active === undefined
      ? `another operation (${operationId})`
      : `its ${active.kind} (operation ${active.id}, begun by ${active.actor} at ${active.createdAt})`;
  return new Problem(
    'operation-in-progress',
    `Cannot ${verb} deployment "${deployment.name}": ${what} is under way; wait until it ends, or ask with whenBusy=queue`,
    { operationId, allowed: [] },
  );
}

/** A plan without steps: what was asked for runs already. */
function nothingToDo(verb: Verb, { deployment, job, isRestated }: Situation): Plan | undefined {
  const isAsked = verb === 'upgrade' || verb === 'migrate';
  if (!isAsked || isRestated === true || deployment.status.state !== 'running') return undefined;
  if (job === undefined || jobDifferences(job.spec, deployment.spec).length > 0) return undefined;
  const warnings = [`Nothing has to be done: job ${job.number} runs exactly this.`];
  return { ...planOf(verb, deployment.name, { warnings }), steps: [] };
}

/** Whether the program of the spec can begin from the state; null where it wrote that state itself. */
function judgeState({ deployment, graphs }: Situation, beginning: Beginning | null): Verdict | null {
  const version = beginning?.version;
  if (version === undefined || version === deployment.spec.version) return null;
  const before = graphs?.get(version);
  const after = graphs?.get(deployment.spec.version);
  if (before === undefined || after === undefined) return { compatibility: 'unknown', states: [] };
  return verdict(before, after, deployment.spec.restoreTolerance);
}

function incompatible({ verb }: VerbRequest, { deployment }: Situation, judged: Verdict): Problem {
  const errors = judged.states
    .filter(({ compatibility }) => compatibility === 'incompatible')
    .map(({ operator, state, reason, remedy }) => ({
      pointer: `/operators/${operator}${state === null ? '' : `/state/${state}`}`,
      message: remedy === null ? reason : `${reason}; ${remedy}`,
    }));
  return new Problem(
    'state-incompatible',
    `Cannot ${verb} deployment "${deployment.name}": version ${deployment.spec.version} cannot begin from its state: ${verdictSentence(judged)}`,
    { errors },
  );
}

function gateFault(request: VerbRequest, { deployment }: Situation): Problem | undefined {
  if (request.verb !== 'upgrade' && request.verb !== 'migrate') return undefined;
  const gate = request.gate ?? deployment.spec.upgradeStrategy.gate;
  if (durationMs(gate.healthyFor) < durationMs(gate.timeout)) return undefined;
  const pointer = request.gate === undefined ? '/spec/upgradeStrategy/gate/healthyFor' : '/gate/healthyFor';
  return new Problem(
    'invalid-request',
    `Cannot ${request.verb} deployment "${deployment.name}": its gate wants ${gate.healthyFor} without a restart within ${gate.timeout}; give it a longer timeout`,
    { errors: [{ pointer, message: 'must be shorter than timeout' }] },
  );
}

/** Of what the job runs with; a verb that begins no job changes nothing of it. */
function changesOf({ job, deployment }: Situation, beginning: Beginning | null) {
  return job === undefined || beginning === null ? [] : jobDifferences(job.spec, deployment.spec);
}

function isAcceptanceMissing(
  { acceptStateLoss }: VerbRequest,
  { deployment }: Situation,
  losses: readonly Loss[],
): boolean {
  if (acceptStateLoss === true) return false;
  return losses.some(({ acceptance }) => acceptance === 'always' || deployment.spec.protected);
}

function lossNotAccepted(verb: Verb, deployment: Deployment, losses: readonly Loss[]): Problem {
  const isProtected = losses.every(({ acceptance }) => acceptance === 'protected');
  const what = losses.map(({ sentence }) => sentence).join(' ');
  const instead = verb === 'cancel' ? 'Suspend it, or set acceptStateLoss' : 'Set acceptStateLoss if so';
  return new Problem(
    'state-loss-not-accepted',
    `Cannot ${verb} deployment "${deployment.name}": ${isProtected ? 'it is protected. ' : ''}${what} ${instead}`,
    { allowed: deployment.status.allowed },
  );
}

function warningsOf(
  verb: Verb,
  situation: Situation,
  beginning: Beginning | null,
  judged: Verdict | null,
): string[] {
  const { candidates, deployment } = situation;
  const warnings: string[] = [];
  const hasState =
    candidates.checkpoint !== undefined || candidates.savepoints.some(({ state }) => state === 'completed');
  if (verb === 'start' && beginning?.restore?.kind === 'none' && hasState)
    warnings.push('The job starts empty although state is there; its savepoints are kept.');
  if (verb === 'drain')
    warnings.push(
      'All windows and timers fire at once; a job that is started from the state behind that takes later records of those windows for late ones.',
    );
  if (judged?.compatibility === 'unknown') {
    const parts = verdictSentence(judged, 'unknown');
    warnings.push(`Nobody can say beforehand whether the program takes the state${parts && `: ${parts}`}.`);
  }
  const isGated = verb === 'upgrade' || verb === 'migrate';
  if (isGated && deployment.spec.upgradeStrategy.rollback === 'none')
    warnings.push('A missed gate leaves the deployment failed: upgradeStrategy.rollback is none.');
  return warnings;
}

/** Undefined figures are told from zero: null where nothing was measured. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
