import { text } from 'node:stream/consumers';
import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { promptHidden } from '../../prompt-hidden.ts';
import { secretView } from './view.ts';

export const setSecret: Command = {
  path: ['secret', 'set'],
  summary:
    'create or rotate a secret; its value comes from standard input or is asked for, never an argument',
  arguments: [{ name: 'secret', about: 'its name, as in {{secret.name}}' }],
  flags: {
    reference: {
      type: 'string',
      about: 'instead of a value: ARN of a secret of Secrets Manager or of a parameter of Systems Manager',
    },
    description: { type: 'string', about: 'what it is for' },
  },
  examples: ['secret set db-password < password.txt'],
  async run({ client, namespace, args, flags }) {
    const params = { namespace, secret: args['secret'] ?? '' };
    const { description, reference } = flags;
    const more = typeof description === 'string' ? { description } : {};
    const body =
      typeof reference === 'string' ? { reference, ...more } : { value: await readValue(), ...more };
    const answer = await (await client()).get('setSecret', { params, body });
    return { body: answer, view: secretView(answer) };
  },
};

/** One line end at the end belongs to the file, not to the value. */
async function readValue(): Promise<string> {
  const value = process.stdin.isTTY
    ? await promptHidden('Value (not shown): ')
    : (await text(process.stdin)).replace(/\r?\n$/, '');
  if (value !== '') return value;
  throw new CliError(exitCode.usage, 'Cannot set the secret: the value is empty; send it to standard input');
}
