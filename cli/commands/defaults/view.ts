import { stringify } from 'yaml';
import type { DeploymentDefaults, InheritancePreview } from '#contract/resources/deployment-defaults.ts';
import type { View } from '../../output/view.ts';

export function defaultsView({
  namespace,
  settings,
  modifiedAt,
  modifiedBy,
  revision,
}: DeploymentDefaults): View {
  return {
    kind: 'record',
    fields: [
      ['Of', namespace === null ? 'the platform' : `namespace ${namespace}`],
      ['Settings', stringify(settings).trimEnd().replaceAll('\n', '\n          ')],
      ['Changed', `${modifiedAt} by ${modifiedBy}`],
      ['Revision', String(revision)],
    ],
  };
}

/** What a dry run found. */
export function previewView({ deployments, invalid }: InheritancePreview): View {
  const rows = [
    ...deployments.map((one) => [
      `${one.namespace}/${one.deployment}`,
      one.changes.map(({ pointer }) => pointer).join(' '),
      one.verb ?? (one.pending.length > 0 ? 'next start' : 'at once'),
    ]),
    ...invalid.map((one) => [`${one.namespace}/${one.deployment}`, one.pointer, `refused: ${one.message}`]),
  ];
  return {
    kind: 'table',
    columns: ['deployment', 'changed', 'takes effect'],
    rows,
    empty: 'It touches none.',
  };
}
