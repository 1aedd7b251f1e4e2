import { DeploymentTargetInput } from '#contract/resources/deployment-target.ts';
import type { Command } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { readDocument } from '../../read-document.ts';
import { previewView } from '../defaults/view.ts';
import { targetView } from './view.ts';

export const updateTarget: Command = {
  path: ['target', 'update'],
  summary: 'replace a deployment target; --dry-run names the deployments that it would change',
  flags: {
    file: { type: 'string', short: 'f', about: 'YAML or JSON of the target; - is standard input' },
    'dry-run': { type: 'boolean', about: 'show the deployments that it would change, and change nothing' },
  },
  examples: ['target update -f production.yaml --dry-run'],
  async run({ client, flags }) {
    const input = await readDocument(flags['file'], DeploymentTargetInput);
    const api = await client();
    const params = { target: input.name };
    const { revision } = await api.get('getTarget', { params });
    const query = flags['dry-run'] === true ? { dryRun: 'true' as const } : {};
    const body = await api.get('replaceTarget', { params, query, body: input, ifMatch: `"${revision}"` });
    return 'name' in body
      ? { body, view: targetView(body) }
      : { body, view: previewView(body), exit: exitCode.wouldChange };
  },
};
