import type { Command } from '../../command.ts';
import { placeFlags, placeQuery, placeText } from './place.ts';

export const listAccess: Command = {
  path: ['access', 'list'],
  summary: 'list who has which role in the namespace, or on the whole platform',
  flags: {
    member: { type: 'string', about: 'only of user:<subject>, group:<name> or token:<id>' },
    ...placeFlags,
  },
  async run(invocation) {
    const { client, flags } = invocation;
    const { member } = flags;
    const body = await (
      await client()
    ).get('listRoleBindings', {
      query: { limit: 200, ...placeQuery(invocation), ...(typeof member === 'string' ? { member } : {}) },
    });
    return {
      body,
      view: {
        kind: 'table',
        columns: ['member', 'role', 'where', 'by', 'id'],
        rows: body.items.map((binding) => [
          binding.member,
          binding.role,
          placeText(binding),
          binding.createdBy,
          binding.id,
        ]),
        empty: 'Nobody was given a role here.',
      },
    };
  },
};
