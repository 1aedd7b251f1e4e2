import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { RestoredFrom } from '#contract/resources/job.ts';
import type { Plan } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { ForkInput } from '#contract/resources/verb-input.ts';
import { chooseRestore } from './choose-restore.ts';
import type { RestoreCandidates } from './choose-restore.ts';
import { planOf } from './decide-operation.ts';
import { inTrash } from './in-trash.ts';
import { mergePatch } from './merge-patch.ts';
import { sinkSentence, startSentences } from './state-sentences.ts';

/** What is known of a parent when a fork is asked for. */
export interface ForkSituation {
  readonly parent: Deployment;
  readonly candidates: Omit<RestoreCandidates, 'deployment'>;
  /** That the body names. */
  readonly savepoint: Savepoint | undefined;
}

/**
 * What a fork will do, or the problem that stands against it: `verb-not-allowed` for a parent in the trash, and
 * `no-state-to-restore` where it has none, or not the one that was named.
 */
export function planFork(input: ForkInput, situation: ForkSituation): Plan | Problem {
  const { parent } = situation;
  const trashed = inTrash('fork', parent);
  if (trashed !== undefined) return trashed;
  const restore = restoreOf(input, situation);
  if (restore instanceof Problem) return restore;
  const warnings = [sinkSentence(input.sinks), ...startSentences(input.startAt)];
  if (parent.status.operationId !== null && restore === null)
    warnings.push(`Operation ${parent.status.operationId} of "${parent.name}" is waited for first.`);
  return planOf('fork', input.name, { restore, warnings });
}

/** Null: a savepoint that is yet to be taken of the parent. */
function restoreOf(input: ForkInput, situation: ForkSituation): RestoredFrom | Problem | null {
  const { parent, candidates, savepoint } = situation;
  if (input.state === 'none') return { kind: 'none' };
  if (input.savepointId !== undefined) {
    const savepoints = savepoint === undefined ? [] : [savepoint];
    const strategy = { kind: 'savepoint', savepointId: input.savepointId } as const;
    return asFork(chooseRestore(strategy, { ...candidates, savepoints, deployment: parent.name }), parent);
  }
  const { state } = parent.status;
  if (state === 'running' || state === 'transitioning') return null;
  const newest = chooseRestore({ kind: 'latest-state' }, { ...candidates, deployment: parent.name });
  if (newest instanceof Problem || newest.kind !== 'none') return asFork(newest, parent);
  return new Problem(
    'no-state-to-restore',
    `Cannot fork deployment "${parent.name}": it has never had state; set "state" to "none" for a duplicate without it`,
  );
}

function asFork(chosen: RestoredFrom | Problem, { name }: Deployment): RestoredFrom | Problem {
  if (!(chosen instanceof Problem)) return chosen;
  const message = chosen.message.replace(
    /^Cannot start deployment "[^"]*"/,
    `Cannot fork deployment "${name}"`,
  );
  return new Problem(chosen.code, message, chosen.details);
}

/** What a fork states: what its parent does, with what the caller wants otherwise; its sinks are always stated. */
export function statedFork(parent: Deployment, input: ForkInput): Record<string, unknown> {
  const { restoreStrategy: _ofParent, ...stated } = parent.stated;
  const patched = mergePatch(stated, input.spec ?? {});
  return {
    // What comes from a merge patch of an object is one.
    ...(patched as Record<string, unknown>),
    application: parent.spec.application,
    version: input.version ?? parent.spec.version,
    sinks: input.sinks,
    desiredState: 'running',
  };
}
