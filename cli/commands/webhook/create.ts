import { text as readAll } from 'node:stream/consumers';
import type { EventName } from '#contract/event-names.ts';
import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { webhookView } from './view.ts';

export const createWebhook: Command = {
  path: ['webhook', 'create'],
  summary: 'send the events of the namespace to an address from now on; the secret is read from stdin',
  arguments: [
    { name: 'name', about: 'its name' },
    { name: 'url', about: 'where events are posted to' },
  ],
  flags: {
    event: { type: 'string', about: 'only events of this name; may be repeated', multiple: true },
    deployment: { type: 'string', about: 'only of this deployment; may be repeated', multiple: true },
    label: { type: 'string', about: 'only of deployments with this label, as key=value', multiple: true },
    description: { type: 'string', about: 'what it is for' },
  },
  examples: ['webhook create ci https://ci.example.com/headwater --event operation-succeeded < secret.txt'],
  async run({ client, namespace, args, flags }) {
    if (process.stdin.isTTY) {
      throw new CliError(
        exitCode.usage,
        'Cannot create the webhook: send its secret by stdin, as in < secret.txt',
      );
    }
    const list = (flag: string) => (Array.isArray(flags[flag]) ? [...flags[flag]] : []);
    const body = await (
      await client()
    ).get('createWebhook', {
      params: { namespace },
      body: {
        name: args['name'] ?? '',
        url: args['url'] ?? '',
        secret: (await readAll(process.stdin)).trim(),
        // The API refuses what is no name of an event, and says which there are.
        events: list('event') as EventName[],
        deployments: list('deployment'),
        labels: list('label').map((label) => (label.includes(':') ? label : label.replace('=', ':'))),
        ...(typeof flags['description'] === 'string' ? { description: flags['description'] } : {}),
      },
    });
    return { body, view: webhookView(body) };
  },
};
