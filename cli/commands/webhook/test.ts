import type { Command } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';

export const testWebhook: Command = {
  path: ['webhook', 'test'],
  summary: 'send a made-up event now and print what became of it',
  arguments: [{ name: 'name', about: 'its name' }],
  async run({ client, namespace, args }) {
    const params = { namespace, webhook: args['name'] ?? '' };
    const body = await (await client()).get('testWebhook', { params });
    return {
      body,
      view: {
        kind: 'record',
        fields: [
          ['Delivered', body.succeeded ? 'yes' : 'no'],
          ['Status', body.responseStatus === null ? '-' : String(body.responseStatus)],
          ...(body.error === null ? [] : [['Error', body.error] as const]),
          ['Took', `${body.durationMs} ms`],
        ],
      },
      exit: body.succeeded ? exitCode.ok : exitCode.failed,
    };
  },
};
