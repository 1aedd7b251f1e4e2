import { DeploymentTargetInput } from '#contract/resources/deployment-target.ts';
import type { Command } from '../../command.ts';
import { readDocument } from '../../read-document.ts';
import { targetView } from './view.ts';

export const createTarget: Command = {
  path: ['target', 'create'],
  summary: 'create a deployment target from a file',
  flags: { file: { type: 'string', short: 'f', about: 'YAML or JSON of the target; - is standard input' } },
  examples: ['target create -f production.yaml'],
  async run({ client, flags }) {
    const input = await readDocument(flags['file'], DeploymentTargetInput);
    const body = await (await client()).get('createTarget', { body: input });
    return { body, view: targetView(body) };
  },
};
