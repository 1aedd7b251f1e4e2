import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { permissionsOf } from '../access/permissions.ts';
import { placeFlags, placeOf } from '../access/place.ts';
import { tokenView } from './view.ts';

export const createToken: Command = {
  path: ['token', 'create'],
  summary: 'create a token for a program; its secret is shown once',
  arguments: [{ name: 'name', about: 'what it is for' }],
  flags: {
    role: { type: 'string', about: 'the role that it has; or give --permission' },
    permission: { type: 'string', multiple: true, about: 'what it permits, instead of a role' },
    deployment: {
      type: 'string',
      about: 'only for this deployment, or for all of a pattern such as payments-*',
    },
    days: { type: 'string', about: 'its lifetime, 1 to 400 days (90 if not given)' },
    ...placeFlags,
  },
  examples: [
    'token create ci --role editor -n payments',
    'token create scrape --permission metrics:read --platform',
  ],
  async run(invocation) {
    const { client, args, flags, say } = invocation;
    const { role, deployment } = flags;
    const permissions = permissionsOf(flags['permission']);
    const lifetimeDays = daysOf(flags['days']);
    const body = await (
      await client()
    ).get('createToken', {
      body: {
        name: args['name'] ?? '',
        namespace: placeOf(invocation),
        deployment: typeof deployment === 'string' ? deployment : null,
        ...(typeof role === 'string' ? { role } : {}),
        ...(permissions === undefined ? {} : { permissions }),
        ...(lifetimeDays === undefined ? {} : { lifetimeDays }),
      },
    });
    say('Keep the secret now: it cannot be shown again. Programs take it from HEADWATER_TOKEN.');
    return { body, view: tokenView(body.token, body.secret) };
  },
};

function daysOf(flag: unknown): number | undefined {
  if (flag === undefined) return undefined;
  if (typeof flag === 'string' && /^[1-9]\d*$/.test(flag)) return Number(flag);
  throw new CliError(
    exitCode.usage,
    `Cannot use --days ${String(flag)}: it must be a whole number, as in 30`,
  );
}
