import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import type { View } from '../../output/view.ts';

export function targetView(target: DeploymentTarget): View {
  const { quota } = target;
  const limits = Object.entries(quota).filter(([, limit]) => limit !== null);
  return {
    kind: 'record',
    fields: [
      ['Name', target.name],
      ['Region', target.region ?? "the platform's own"],
      ['Account', target.account?.roleArn ?? "the platform's own"],
      ['Cluster', target.cluster ?? "the platform's own"],
      ['Capacity', target.capacity],
      ['Overlay', JSON.stringify(target.overlay)],
      ['Config', JSON.stringify(target.config)],
      ['Quota', limits.map(([name, limit]) => `${name} ${limit}`).join(', ') || '-'],
      ['Description', target.description || '-'],
      ['Revision', String(target.revision)],
    ],
  };
}
