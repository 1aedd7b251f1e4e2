import { SavepointOrigin } from '#contract/resources/savepoint.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { bytes } from '../../output/text.ts';

export const listSavepoints: Command = {
  path: ['savepoint', 'list'],
  summary: 'list the savepoints of a deployment, over all its jobs, or of all deployments of the namespace',
  arguments: [{ name: 'deployment', about: 'name of the deployment; all when left out', optional: true }],
  flags: {
    origin: { type: 'string', about: `one of ${SavepointOrigin.options.join(', ')}` },
    deleted: { type: 'boolean', about: 'those in the trash' },
  },
  examples: ['savepoint list payments-production --origin suspend', 'savepoint list --deleted'],
  async run({ client, namespace, args, flags }) {
    const deployment = args['deployment'];
    const query = {
      limit: 200,
      deleted: flags['deleted'] === true ? ('true' as const) : ('false' as const),
      ...originOf(flags['origin']),
    };
    const api = await client();
    const page =
      deployment === undefined
        ? await api.get('listNamespaceSavepoints', { params: { namespace }, query })
        : await api.get('listSavepoints', { params: { namespace, deployment }, query });
    return {
      body: page,
      view: {
        kind: 'table',
        columns: [
          ...(deployment === undefined ? ['deployment'] : []),
          'created',
          'id',
          'job',
          'origin',
          'state',
          'size',
          'version',
          'description',
        ],
        rows: page.items.map((savepoint) => [
          ...(deployment === undefined ? [savepoint.deployment] : []),
          ...rowOf(savepoint),
        ]),
        empty: `No savepoints here. Take one: headwater savepoint create ${deployment ?? 'DEPLOYMENT'}`,
      },
    };
  },
};

function rowOf(savepoint: Savepoint): string[] {
  return [
    savepoint.createdAt,
    savepoint.id,
    savepoint.jobNumber === null ? '-' : String(savepoint.jobNumber),
    savepoint.origin,
    savepoint.hold === null ? savepoint.state : `${savepoint.state}, held`,
    bytes(savepoint.sizeBytes),
    String(savepoint.version),
    savepoint.failure?.message ?? savepoint.description,
  ];
}

function originOf(flag: unknown): { origin?: SavepointOrigin } {
  if (flag === undefined) return {};
  const parsed = SavepointOrigin.safeParse(flag);
  if (parsed.success) return { origin: parsed.data };
  throw new CliError(
    exitCode.usage,
    `Cannot list savepoints of origin "${String(flag)}": use one of ${SavepointOrigin.options.join(', ')}`,
  );
}
