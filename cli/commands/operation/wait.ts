import type { Command } from '../../command.ts';
import { operationView, verbFlags, waitForOperation } from '../../follow-operation.ts';

export const waitOperation: Command = {
  path: ['operation', 'wait'],
  summary: 'wait until an operation has ended',
  arguments: [{ name: 'operation', about: 'its id' }],
  flags: verbFlags['timeout'] === undefined ? {} : { timeout: verbFlags['timeout'] },
  async run(invocation) {
    const { client, namespace, args } = invocation;
    const params = { namespace, operation: args['operation'] ?? '' };
    const accepted = await (await client()).get('getOperation', { params });
    const body = await waitForOperation(invocation, accepted);
    return { body, view: operationView(body) };
  },
};
