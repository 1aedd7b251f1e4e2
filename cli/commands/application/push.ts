import type { Command } from '../../command.ts';

export const pushCommand: Command = {
  path: ['application', 'push'],
  summary: 'type-check, bundle and register a program as a new version',
  arguments: [{ name: 'entry', about: 'the file that exports the application by default' }],
  flags: { tag: { type: 'string', about: 'a name for people, such as "fraud-detection@c8b3f"' } },
  examples: ['application push examples/payments-dashboard/application.ts'],
  async run({ client, namespace, args, flags, say }) {
    // The bundler is loaded only here: it would double the start time of every other command.
    const [{ checkTypes }, { pushApplication }] = await Promise.all([
      import('../../push/bundle.ts'),
      import('../../push/push-application.ts'),
    ]);
    const entry = args['entry'] ?? '';
    await checkTypes(entry);
    const tag = flags['tag'];
    const body = await pushApplication({
      client: await client(),
      namespace,
      entry,
      say,
      ...(typeof tag === 'string' ? { tag } : {}),
    });
    return {
      body,
      view: {
        kind: 'record',
        fields: [
          ['Application', body.application],
          ['Version', String(body.version)],
          ['SHA-256', body.sha256],
          ['Tag', body.tag ?? '-'],
          ['Operators', body.graph.nodes.map((node) => node.name).join(', ')],
        ],
      },
    };
  },
};
