import type { Command } from '../../command.ts';
import { operationView } from '../../follow-operation.ts';

export const getOperation: Command = {
  path: ['operation', 'get'],
  summary: 'show one operation with its steps',
  arguments: [{ name: 'operation', about: 'its id' }],
  async run({ client, namespace, args }) {
    const params = { namespace, operation: args['operation'] ?? '' };
    const body = await (await client()).get('getOperation', { params });
    return { body, view: operationView(body) };
  },
};
