import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { DeploymentInput } from '#contract/resources/deployment.ts';
import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { verbFlags, waitForOperation } from '../../follow-operation.ts';
import { deploymentView } from './view.ts';

export const createDeployment: Command = {
  path: ['deployment', 'create'],
  summary: 'create a deployment from a file',
  flags: {
    file: { type: 'string', short: 'f', about: 'YAML or JSON file with name, labels, annotations and spec' },
    wait: { type: 'boolean', short: 'w', about: 'return when its job runs' },
    ...(verbFlags['timeout'] === undefined ? {} : { timeout: verbFlags['timeout'] }),
  },
  examples: ['deployment create -f deployment.yaml --wait'],
  async run(invocation) {
    const { client, namespace, flags } = invocation;
    if (typeof flags['file'] !== 'string')
      throw new CliError(exitCode.usage, '--file is missing: name the file to create from');
    const body = await readInput(flags['file']);
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

/** Checks the file here, so that a fault is told with its line of thought before anything is sent. */
async function readInput(file: string): Promise<DeploymentInput> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(
      exitCode.usage,
      `Cannot read ${file}: ${cause instanceof Error ? cause.message : 'no reason given'}`,
      { cause },
    );
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw new CliError(exitCode.usage, `Cannot read ${file}: ${fault.message}`);
  const parsed = DeploymentInput.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `\n  ${issue.path.join('.') || 'file'}: ${issue.message}`,
  );
  throw new CliError(exitCode.usage, `Cannot use ${file}:${faults.join('')}`);
}
