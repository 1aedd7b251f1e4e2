import { Problem } from '#contract/problems.ts';
import { verdict, verdictSentence } from '../control/verdict.ts';
import type { Step, StepContext } from './step.ts';

/**
 * Compares, before anything ends, the state that the new job is to begin from with its program once more: the verb may
 * have waited since it was accepted, and what it restores may be another state by now.
 */
export const checkState: Step = async (context) => {
  const { operation, deployment, platform } = context;
  const spec = operation.replacement?.spec ?? deployment.spec;
  const version = await versionOfState(context);
  if (version === undefined) return { message: 'No state is taken along.', isSkipped: true };
  if (version === spec.version)
    return { message: `Version ${version} wrote the state itself.`, isSkipped: true };
  const get = (number: number) =>
    platform.stores.versions.get(deployment.namespace, spec.application, number);
  const [before, after] = await Promise.all([get(version), get(spec.version)]);
  if (after === undefined) {
    const message = `Cannot ${operation.kind} deployment "${deployment.name}": version ${spec.version} of "${spec.application}" does not exist; choose another`;
    throw new Problem('not-found', message);
  }
  if (before === undefined)
    return { message: `Version ${version}, which wrote the state, is gone; nobody can compare.` };
  const judged = verdict(before.graph, after.graph, spec.restoreTolerance);
  if (judged.compatibility === 'incompatible') {
    const message = `Cannot ${operation.kind} deployment "${deployment.name}": version ${spec.version} cannot begin from the state of version ${version}: ${verdictSentence(judged)}`;
    throw new Problem('state-incompatible', message);
  }
  return {
    message: `The state of version ${version} is ${judged.compatibility} with version ${spec.version}.`,
  };
};

/** Undefined where the job begins empty, or where nobody knows who wrote the state. */
async function versionOfState({ operation, platform, job }: StepContext): Promise<number | undefined> {
  const { restoreStrategy } = operation.request;
  if (restoreStrategy?.kind === 'none') return undefined;
  if (restoreStrategy?.kind !== 'savepoint') return job?.spec.version;
  const savepoint = await platform.stores.savepoints.get(operation.deploymentId, restoreStrategy.savepointId);
  return savepoint?.version;
}
