import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { versionView } from './version-view.ts';

export const pushCommand: Command = {
  path: ['application', 'push'],
  summary: 'type-check, bundle and register a program as a new version',
  arguments: [{ name: 'entry', about: 'the file that exports the application by default' }],
  flags: {
    tag: { type: 'string', about: 'a name that only this version has, as in "c8b3f"' },
    label: { type: 'string', about: 'a label as name:value; repeatable', multiple: true },
    define: {
      type: 'string',
      about: 'a value of process.env to fix in the bundle, as NAME=value; repeatable',
      multiple: true,
    },
  },
  examples: [
    'application push examples/payments-dashboard/application.ts',
    'application push application.ts --tag c8b3f',
  ],
  async run({ client, namespace, args, flags, say }) {
    // The bundler is loaded only here: it would double the start time of every other command.
    const [{ checkTypes }, { pushApplication }] = await Promise.all([
      import('../../push/check-types.ts'),
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
      labels: pairsOf(flags['label'], ':', '--label stage:candidate'),
      constants: pairsOf(flags['define'], '=', '--define LIMIT=5'),
      ...(typeof tag === 'string' ? { tag } : {}),
    });
    return {
      body,
      view: versionView(body),
    };
  },
};

function pairsOf(
  flag: string | boolean | readonly string[] | undefined,
  separator: string,
  example: string,
): Record<string, string> {
  const texts = typeof flag === 'object' ? flag : [];
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf(separator);
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new CliError(exitCode.usage, `Cannot use "${text}": write it as in ${example}`);
    }),
  );
}
