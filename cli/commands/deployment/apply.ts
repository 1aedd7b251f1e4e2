import type { Client } from '#contract/api/client.ts';
import { Problem } from '#contract/problems.ts';
import { DeploymentInput } from '#contract/resources/deployment.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Command } from '../../command.ts';
import { verbFlags, waitForOperation } from '../../follow-operation.ts';
import { readDocument } from '../../read-document.ts';
import { versionFlag, versionOf } from './version-flag.ts';
import { deploymentView } from './view.ts';

export const applyDeployment: Command = {
  path: ['deployment', 'apply'],
  summary: 'create a deployment from a file, or make it state what the file says; twice changes nothing',
  flags: {
    file: {
      type: 'string',
      short: 'f',
      about: 'YAML or JSON with name, labels, annotations and spec; - is stdin',
    },
    version: { ...versionFlag, about: `${versionFlag.about}; instead of that in the file` },
    reason: { type: 'string', about: 'why, kept with the revision' },
    wait: { type: 'boolean', short: 'w', about: 'return when the operation that it begins has ended' },
    ...(verbFlags['timeout'] === undefined ? {} : { timeout: verbFlags['timeout'] }),
  },
  examples: ['deployment apply -f deployment.yaml --reason "more memory" --wait'],
  async run(invocation) {
    const { client, namespace, flags, say } = invocation;
    const stated = await readDocument(flags['file'], DeploymentInput);
    const version = await versionOf(invocation, stated.spec.application);
    const wanted = version === undefined ? stated : { ...stated, spec: { ...stated.spec, version } };
    const query = typeof flags['reason'] === 'string' ? { reason: flags['reason'] } : {};
    const api = await client();
    const before = await existing(api, namespace, wanted.name);
    const after =
      before === undefined
        ? await api.get('createDeployment', { params: { namespace }, query, body: wanted })
        : await api.get('replaceDeployment', {
            params: { namespace, deployment: wanted.name },
            query,
            body: wanted,
            ifMatch: `"${before.revision}"`,
          });
    if (before?.revision === after.revision) say(`"${wanted.name}" states that already`);
    const { operationId } = after.status;
    if (flags['wait'] !== true || operationId === null) return { body: after, view: deploymentView(after) };
    const operation = await api.get('getOperation', { params: { namespace, operation: operationId } });
    await waitForOperation(invocation, operation);
    const ended = await api.get('getDeployment', { params: { namespace, deployment: wanted.name } });
    return { body: ended, view: deploymentView(ended) };
  },
};

async function existing(api: Client, namespace: string, deployment: string): Promise<Deployment | undefined> {
  try {
    return await api.get('getDeployment', { params: { namespace, deployment } });
  } catch (error) {
    if (error instanceof Problem && error.code === 'not-found') return undefined;
    throw error;
  }
}
