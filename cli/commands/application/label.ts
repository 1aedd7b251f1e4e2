import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { patchVersion, versionArguments } from './patch-version.ts';

export const labelVersion: Command = {
  path: ['application', 'label'],
  summary: 'label or tag a version',
  arguments: versionArguments,
  flags: {
    set: { type: 'string', about: 'a label as name:value; repeatable', multiple: true },
    remove: { type: 'string', about: 'the name of a label to remove; repeatable', multiple: true },
    tag: { type: 'string', about: 'the tag that this version has from now on; "" takes it away' },
  },
  examples: ['application label payments-dashboard 7 --set stage:candidate --tag c8b3f'],
  async run(invocation) {
    const { flags } = invocation;
    const removed = listOf(flags['remove']).map((name) => [name, null] as const);
    const labels = Object.fromEntries([...removed, ...listOf(flags['set']).map(pairOf)]);
    const tag = flags['tag'];
    if (Object.keys(labels).length === 0 && typeof tag !== 'string') {
      throw new CliError(exitCode.usage, 'There is nothing to change: give --set, --remove or --tag');
    }
    return patchVersion(invocation, { labels, ...(typeof tag === 'string' ? { tag: tag || null } : {}) });
  },
};

function listOf(flag: string | boolean | readonly string[] | undefined): readonly string[] {
  return typeof flag === 'object' ? flag : [];
}

function pairOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [text.slice(0, colon), text.slice(colon + 1)];
  throw new CliError(
    exitCode.usage,
    `Cannot set label "${text}": write it as name:value, as in stage:candidate`,
  );
}
