import type { Command } from '../../command.ts';
import { placeFlags, placeOf, placeText } from './place.ts';

export const grantAccess: Command = {
  path: ['access', 'grant'],
  summary: 'give a role to a user, a group or a token',
  arguments: [
    { name: 'member', about: 'user:<subject>, group:<name> or token:<id>' },
    { name: 'role', about: 'viewer, operator, editor, owner, admin, or one that was made here' },
  ],
  flags: {
    deployment: {
      type: 'string',
      about: 'only for this deployment, or for all of a pattern such as payments-*',
    },
    ...placeFlags,
  },
  examples: [
    'access grant group:payments-team editor -n payments',
    'access grant user:ada viewer --platform',
  ],
  async run(invocation) {
    const { client, args, flags } = invocation;
    const { deployment } = flags;
    const body = await (
      await client()
    ).get('createRoleBinding', {
      body: {
        member: args['member'] ?? '',
        role: args['role'] ?? '',
        namespace: placeOf(invocation),
        deployment: typeof deployment === 'string' ? deployment : null,
      },
    });
    return {
      body,
      view: {
        kind: 'record',
        fields: [
          ['Member', body.member],
          ['Role', body.role],
          ['Where', placeText(body)],
          ['Id', body.id],
        ],
      },
    };
  },
};
