import type { Command } from '../../command.ts';
import { patchVersion, versionArguments } from './patch-version.ts';

export const retireVersion: Command = {
  path: ['application', 'retire'],
  summary: 'keep a version from new deployments; what runs it goes on',
  arguments: versionArguments,
  flags: { undo: { type: 'boolean', about: 'let it be deployed again' } },
  async run(invocation) {
    const retired = invocation.flags['undo'] !== true;
    const result = await patchVersion(invocation, { retired });
    invocation.say(retired ? 'It cannot be newly deployed any more' : 'It can be deployed again');
    return result;
  },
};
