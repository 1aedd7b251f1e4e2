import { Problem } from '#contract/problems.ts';
import type { Deployment, DeploymentSpec, RestoreStrategy } from '#contract/resources/deployment.ts';
import type { UpgradeGate } from '#contract/resources/upgrade.ts';
import type { Verb } from '#contract/verbs.ts';
import type { Situation, VerbRequest } from './decide-operation.ts';
import { planBeginning } from './plan-beginning.ts';

/** What an operation knows that puts a new job in the place of the one before, fixed when it is accepted. */
export interface Replacement {
  /** What the new job is started with, whatever the deployment says by then. */
  readonly spec: DeploymentSpec;
  /** Revision of that spec. */
  readonly specRevision: number;
  /** Number of the job whose place is taken; null when there never was one. */
  readonly replaces: number | null;
  /** The job before ends with a savepoint, not by a cancel. */
  readonly takesSavepoint: boolean;
  /** Instead of the gate in the spec. */
  readonly gate: UpgradeGate | null;
  /** What the deployment stated before, and states again when the change comes to nothing; null: nothing was changed. */
  readonly statedBefore: Readonly<Record<string, unknown>> | null;
}

const replacing: ReadonlySet<Verb> = new Set(['upgrade', 'rollback', 'restart', 'reset', 'migrate']);

/** What is fixed of a verb that was accepted; null for verbs that put no job in the place of another. */
export function newReplacement(
  request: VerbRequest,
  situation: Situation,
  before: Deployment,
): { readonly replacement: Replacement; readonly restoreStrategy: RestoreStrategy | undefined } | null {
  const { deployment } = situation;
  const isChanged = deployment.specRevision !== before.specRevision;
  // The job itself changes its parallelism; what is kept is only how to take the change of the spec back.
  if (request.verb === 'rescale' && isChanged) return rescaling(situation, before);
  if (!replacing.has(request.verb)) return null;
  const beginning = planBeginning(request, situation);
  if (beginning === null || beginning instanceof Problem) return null;
  return {
    restoreStrategy: beginning.strategy ?? undefined,
    replacement: {
      spec: { ...deployment.spec, desiredState: 'running' },
      specRevision: deployment.specRevision,
      replaces: deployment.status.jobNumber,
      takesSavepoint: beginning.takesSavepoint,
      gate: request.gate ?? null,
      statedBefore: isChanged ? before.stated : null,
    },
  };
}

function rescaling({ deployment }: Situation, { stated }: Deployment) {
  const { spec, specRevision } = deployment;
  const replacement = {
    spec,
    specRevision,
    replaces: null,
    takesSavepoint: false,
    gate: null,
    statedBefore: stated,
  };
  return { replacement, restoreStrategy: undefined };
}
