import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import { versionFlag, versionFor } from './version-flag.ts';

const SINK_MODES = ['capture', 'discard', 'keep'] as const;

export const forkDeployment: Command = {
  path: ['deployment', 'fork'],
  summary: 'make a new deployment from the state of this one, which goes on untouched',
  arguments: [
    { name: 'deployment', about: 'name of the one that is forked' },
    { name: 'name', about: 'name of the new one' },
  ],
  flags: {
    'to-namespace': { type: 'string', about: 'where the new one belongs; the same namespace when left out' },
    savepoint: { type: 'string', about: 'id of the savepoint to begin from; one of now when left out' },
    empty: { type: 'boolean', about: 'begin without state' },
    version: { ...versionFlag, about: `${versionFlag.about}; that of the parent when left out` },
    target: { type: 'string', about: 'deployment target; that of the parent when left out' },
    sinks: { type: 'string', about: 'what becomes of its records: capture (if not given), discard or keep' },
    at: { type: 'string', about: 'sources begin at this time, such as 2026-11-21T10:00:00Z' },
    expires: { type: 'string', about: 'it is cancelled and deleted at this time' },
    ...verbFlags,
  },
  examples: [
    'deployment fork payments-production payments-staging --version 8 --wait',
    'deployment fork payments-production experiment --expires 2026-12-01T00:00:00Z',
  ],
  async run(invocation) {
    const { client, namespace, args, flags } = invocation;
    const { query, idempotencyKey } = verbCall(invocation);
    const deployment = args['deployment'] ?? '';
    const version = await versionFor(invocation, deployment);
    const answer = await (
      await client()
    ).get('forkDeployment', {
      params: { namespace, deployment },
      body: {
        name: args['name'] ?? '',
        state: flags['empty'] === true ? 'none' : 'savepoint',
        sinks: { every: sinkMode(flags['sinks']) },
        ...textFlag(flags['to-namespace'], 'namespace'),
        ...textFlag(flags['savepoint'], 'savepointId'),
        ...textFlag(flags['at'], 'startAt'),
        ...textFlag(flags['expires'], 'expiresAt'),
        ...(version === undefined ? {} : { version }),
        ...(typeof flags['target'] === 'string' ? { spec: { target: flags['target'] } } : {}),
      },
      query: { dryRun: query.dryRun },
      idempotencyKey,
    });
    return followVerb(invocation, answer);
  },
};

function textFlag<Name extends string>(flag: unknown, name: Name): { readonly [N in Name]?: string } {
  // An object with one computed member is typed by any name.
  return typeof flag === 'string' ? ({ [name]: flag } as { readonly [N in Name]?: string }) : {};
}

function sinkMode(flag: unknown): (typeof SINK_MODES)[number] {
  if (flag === undefined) return 'capture';
  const mode = SINK_MODES.find((one) => one === flag);
  if (mode !== undefined) return mode;
  throw new CliError(
    exitCode.usage,
    `Cannot fork with sinks "${String(flag)}": use ${SINK_MODES.join(', ')}; single sinks are redirected in the spec`,
  );
}
