import { Duration } from '#contract/duration.ts';
import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { tokenView } from './view.ts';

export const rotateToken: Command = {
  path: ['token', 'rotate'],
  summary:
    'give a token another secret and a new lifetime; the old secret dies at once unless you say otherwise',
  arguments: [{ name: 'token', about: 'its id, as "token list" shows it' }],
  flags: {
    overlap: { type: 'string', about: 'how long the old secret is still accepted, such as "1 hour"' },
  },
  async run({ client, args, flags, say }) {
    const { overlap } = flags;
    if (overlap !== undefined && !Duration.safeParse(overlap).success) {
      const message = `Cannot use --overlap ${String(overlap)}: write it as in "1 hour"`;
      throw new CliError(exitCode.usage, message);
    }
    const body = await (
      await client()
    ).get('rotateToken', {
      params: { token: args['token'] ?? '' },
      body: typeof overlap === 'string' ? { overlap } : {},
    });
    say('Keep the secret now: it cannot be shown again.');
    return { body, view: tokenView(body.token, body.secret) };
  },
};
