import { DeploymentDefaultsInput } from '#contract/resources/deployment-defaults.ts';
import type { Command } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { readDocument } from '../../read-document.ts';
import { placeFlags, placeOf } from '../access/place.ts';
import { defaultsView, previewView } from './view.ts';

export const setDefaults: Command = {
  path: ['defaults', 'set'],
  summary: 'replace what deployments inherit; --dry-run names those that it would change',
  flags: {
    file: { type: 'string', short: 'f', about: 'YAML or JSON with settings; - is standard input' },
    reason: { type: 'string', about: 'why, kept with the revision' },
    'dry-run': { type: 'boolean', about: 'show the deployments that it would change, and change nothing' },
    ...placeFlags,
  },
  examples: ['defaults set -f defaults.yaml -n payments --dry-run'],
  async run(invocation) {
    const { client, flags } = invocation;
    const body = await readDocument(flags['file'], DeploymentDefaultsInput);
    const api = await client();
    const namespace = placeOf(invocation);
    const query = {
      ...(flags['dry-run'] === true ? { dryRun: 'true' as const } : {}),
      ...(typeof flags['reason'] === 'string' ? { reason: flags['reason'] } : {}),
    };
    const before =
      namespace === null
        ? await api.get('getGlobalDefaults', {})
        : await api.get('getNamespaceDefaults', { params: { namespace } });
    const request = { query, body, ifMatch: `"${before.revision}"` };
    const answer =
      namespace === null
        ? await api.get('replaceGlobalDefaults', request)
        : await api.get('replaceNamespaceDefaults', { params: { namespace }, ...request });
    return 'settings' in answer
      ? { body: answer, view: defaultsView(answer) }
      : { body: answer, view: previewView(answer), exit: exitCode.wouldChange };
  },
};
