import type { Command } from '../../command.ts';
import { operationView, waitCommand } from '../../follow-operation.ts';

export const cancelOperation: Command = {
  path: ['operation', 'cancel'],
  summary: 'end an operation early, as long as that is safe; the deployment is then as it was',
  arguments: [{ name: 'operation', about: 'its id' }],
  examples: ['operation cancel 01ja2b3c4d5e6f7g8h9jkmnpqr'],
  async run({ client, namespace, args, say }) {
    const params = { namespace, operation: args['operation'] ?? '' };
    const body = await (await client()).get('cancelOperation', { params });
    if (body.state !== 'cancelled') say(`It ends before its next step: ${waitCommand(body)}`);
    return { body, view: operationView(body) };
  },
};
