import type { Command } from '../../command.ts';
import { followVerb, verbCall, verbFlags } from '../../follow-operation.ts';
import {
  acceptanceOf,
  gateFlags,
  gateOf,
  lossFlag,
  reasonFlag,
  reasonOf,
  specPatch,
} from './replacement-flags.ts';
import { versionFlag, versionFor } from './version-flag.ts';

export const upgradeDeployment: Command = {
  path: ['deployment', 'upgrade'],
  summary: 'go on with another version or configuration, and back again if it misses its gate',
  arguments: [{ name: 'deployment', about: 'its name' }],
  flags: {
    version: versionFlag,
    file: { type: 'string', short: 'f', about: 'YAML or JSON file with the members of the spec that change' },
    ...gateFlags,
    ...reasonFlag,
    ...lossFlag,
    ...verbFlags,
  },
  examples: [
    'deployment upgrade payments-staging --version 2 --wait',
    'deployment upgrade payments-staging --version payments-dashboard@c8b3f --wait',
    'deployment upgrade payments-staging -f faster.yaml --dry-run',
  ],
  async run(invocation) {
    const { client, namespace, args } = invocation;
    const deployment = args['deployment'] ?? '';
    const version = await versionFor(invocation, deployment);
    const spec = await specPatch(invocation);
    const answer = await (
      await client()
    ).get('upgradeDeployment', {
      params: { namespace, deployment },
      body: {
        ...(version === undefined ? {} : { version }),
        ...(spec === undefined ? {} : { spec }),
        ...gateOf(invocation),
        ...reasonOf(invocation),
        ...acceptanceOf(invocation),
      },
      ...verbCall(invocation),
    });
    return followVerb(invocation, answer);
  },
};
