import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Command } from '../../command.ts';
import { bytes } from '../../output/text.ts';

export const getSavepoint: Command = {
  path: ['savepoint', 'get'],
  summary: 'show one savepoint',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  async run({ client, namespace, args }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const body = await (await client()).get('getSavepoint', { params });
    return { body, view: { kind: 'record', fields: savepointFields(body) } };
  },
};

/** A savepoint for people. */
export function savepointFields(savepoint: Savepoint): readonly (readonly [string, string])[] {
  const { jobNumber, jobId, failure, copiedFrom, hold, deletion } = savepoint;
  return [
    ['Id', savepoint.id],
    ['State', savepoint.state],
    ['Origin', savepoint.origin],
    ['Job', jobNumber === null ? jobId || '-' : `${jobNumber} (${jobId})`],
    ['Version', String(savepoint.version)],
    ['Size', bytes(savepoint.sizeBytes)],
    ['Location', savepoint.location],
    ['Created', `${savepoint.createdAt} by ${savepoint.createdBy}`],
    ['Completed', savepoint.completedAt ?? '-'],
    ...(copiedFrom === null
      ? []
      : [
          [
            'Copied from',
            `${copiedFrom.savepointId} of ${copiedFrom.namespace}/${copiedFrom.deployment}`,
          ] as const,
        ]),
    ...(hold === null ? [] : [['Held', `${hold.reason} (${hold.by}, ${hold.at})`] as const]),
    ...(deletion === null
      ? []
      : [['Deleted', `by ${deletion.by}, for good at ${deletion.purgeAt}`] as const]),
    ...(failure ? [['Failure', failure.message] as const] : []),
  ];
}
