import { Problem } from '#contract/problems.ts';
import { flinkId } from '../control/trigger-id.ts';
import type { StoredJob } from '../stores/jobs.ts';
import type { StepContext } from './step.ts';

/** The job that the operation begins, still without an attempt and without a state to begin from. */
export async function nextJob({ platform, operation, deployment, at }: StepContext): Promise<StoredJob> {
  const { spec, specRevision } = operation.replacement ?? deployment;
  const version = await platform.stores.versions.get(deployment.namespace, spec.application, spec.version);
  if (version === undefined) {
    const message = `Cannot start deployment "${deployment.name}": version ${spec.version} of "${spec.application}" does not exist; choose another`;
    throw new Problem('not-found', message);
  }
  return {
    id: flinkId(operation.id),
    number: (deployment.status.jobNumber ?? 0) + 1,
    namespace: deployment.namespace,
    deployment: deployment.name,
    deploymentId: deployment.id,
    state: 'starting',
    spec,
    specRevision,
    applicationSha256: version.sha256,
    graphHash: version.graphHash,
    restoredFrom: { kind: 'none' },
    startAt: operation.request.startAt,
    attempts: [],
    createdAt: at,
    startedAt: null,
    endedAt: null,
    failure: null,
    recordsIn: null,
    recordsOut: null,
    revision: 1,
    claimedBy: operation.id,
    tries: { checkpointId: null, startedAt: [at] },
    address: null,
    silentSince: null,
  };
}
