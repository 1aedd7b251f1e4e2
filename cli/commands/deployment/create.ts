import { DeploymentInput } from '#contract/resources/deployment.ts';
import type { Command } from '../../command.ts';
import { verbFlags, waitForOperation } from '../../follow-operation.ts';
import { readDocument } from '../../read-document.ts';
import { versionFlag, versionOf } from './version-flag.ts';
import { deploymentView } from './view.ts';

export const createDeployment: Command = {
  path: ['deployment', 'create'],
  summary: 'create a deployment from a file',
  flags: {
    file: { type: 'string', short: 'f', about: 'YAML or JSON file with name, labels, annotations and spec' },
    version: { ...versionFlag, about: `${versionFlag.about}; instead of that in the file` },
    wait: { type: 'boolean', short: 'w', about: 'return when its job runs' },
    ...(verbFlags['timeout'] === undefined ? {} : { timeout: verbFlags['timeout'] }),
  },
  examples: [
    'deployment create -f deployment.yaml --wait',
    'deployment create -f deployment.yaml --version c8b3f',
  ],
  async run(invocation) {
    const { client, namespace, flags } = invocation;
    const stated = await readDocument(flags['file'], DeploymentInput);
    const version = await versionOf(invocation, stated.spec.application);
    const body = version === undefined ? stated : { ...stated, spec: { ...stated.spec, version } };
    const api = await client();
    const created = await api.get('createDeployment', { params: { namespace }, body });
    const { operationId } = created.status;
    if (flags['wait'] !== true || operationId === null)
      return { body: created, view: deploymentView(created) };
    const start = await api.get('getOperation', { params: { namespace, operation: operationId } });
    await waitForOperation(invocation, start);
    const running = await api.get('getDeployment', { params: { namespace, deployment: created.name } });
    return { body: running, view: deploymentView(running) };
  },
};
