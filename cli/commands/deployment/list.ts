import { ConditionType } from '#contract/resources/deployment.ts';
import type { Command } from '../../command.ts';
import { age } from '../../output/text.ts';

export const listDeployments: Command = {
  path: ['deployment', 'list'],
  summary: 'list deployments',
  flags: {
    application: { type: 'string', about: 'only of this application' },
    state: {
      type: 'string',
      about: 'only in this state',
      values: ['running', 'suspended', 'cancelled', 'transitioning', 'failed', 'finished'],
    },
    condition: {
      type: 'string',
      about: 'only with this condition',
      values: [...ConditionType.options],
    },
    deleted: { type: 'boolean', about: 'those in the trash, which can be brought back' },
    label: { type: 'string', about: 'only with this label, as key:value; may be repeated', multiple: true },
  },
  examples: ['deployment list', 'deployment list --state running -o json'],
  async run({ client, namespace, flags }) {
    const page = await (
      await client()
    ).get('listDeployments', {
      params: { namespace },
      query: {
        limit: 200,
        ...(typeof flags['application'] === 'string' ? { application: flags['application'] } : {}),
        ...(flags['deleted'] === true ? { deleted: 'true' as const } : {}),
        ...(typeof flags['condition'] === 'string' ? { condition: flags['condition'] as 'drift' } : {}),
        ...(Array.isArray(flags['label']) ? { label: [...flags['label']] } : {}),
        // The flag's values are the statuses themselves.
        ...(typeof flags['state'] === 'string' ? { state: flags['state'] as 'running' } : {}),
      },
    });
    const now = Date.now();
    return {
      body: page,
      view: {
        kind: 'table',
        columns: ['name', 'application', 'version', 'state', 'desired', 'job', 'since'],
        rows: page.items.map(({ name, spec, status }) => [
          name,
          spec.application,
          String(spec.version),
          status.state,
          spec.desiredState,
          status.jobNumber === null ? '-' : String(status.jobNumber),
          age(status.transitionedAt, now),
        ]),
        empty: 'No deployments yet. Create one: headwater deployment create -f deployment.yaml',
      },
    };
  },
};
