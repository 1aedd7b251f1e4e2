import type { Deployment } from '#contract/resources/deployment.ts';
import { age } from '../../output/text.ts';
import type { View } from '../../output/view.ts';

export function deploymentView(deployment: Deployment): View {
  const { spec, status } = deployment;
  return {
    kind: 'record',
    fields: [
      ['Name', deployment.name],
      ['Application', `${spec.application} version ${spec.version}`],
      ['State', status.state],
      ['Desired', spec.desiredState],
      ['Since', `${status.transitionedAt} (${age(status.transitionedAt, Date.now())})`],
      ['Job', status.jobNumber === null ? '-' : `${status.jobNumber} (${status.jobId})`],
      ['Parallelism', `${spec.parallelism} of at most ${spec.maxParallelism}`],
      ['Configuration', JSON.stringify(spec.configuration)],
      ['Allowed now', status.allowed.join(', ') || '-'],
      ...(status.operationId ? [['Operation', status.operationId] as const] : []),
      ...(status.message ? [['Message', status.message] as const] : []),
      ...status.conditions.map(
        (condition) => ['Condition', `${condition.type}: ${condition.message}`] as const,
      ),
      ['Revision', String(deployment.revision)],
    ],
  };
}
