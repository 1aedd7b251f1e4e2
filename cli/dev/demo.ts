/** The payments dashboard: pushed and deployed once, then left alone. */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { Client } from '#contract/api/client.ts';
import { Problem } from '#contract/problems.ts';
import { DeploymentInput } from '#contract/resources/deployment.ts';
import { pushApplication } from '../push/push-application.ts';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../examples/payments-dashboard');
const namespace = 'default';

export interface DemoOptions {
  readonly client: Client;
  /** Value of a stack's output, such as ('HeadwaterDemo', 'StreamName'). */
  readonly output: (stack: string, name: string) => string | undefined;
  readonly say: (line: string) => void;
}

/** Creates what is missing of the demo. Someone who changed or removed part of it keeps their changes. */
export async function seedDemo(options: DemoOptions): Promise<void> {
  const { client } = options;
  const inputs = await readDeployments(options.output);
  const existing = await client.get('listDeployments', { params: { namespace }, query: { limit: 200 } });
  const names = new Set(existing.items.map(({ name }) => name));
  const missing = inputs.filter(({ name }) => !names.has(name));
  if (missing.length === 0) return;
  const { version } = await pushApplication({
    client,
    namespace,
    entry: join(folder, 'application.ts'),
    say: options.say,
  });
  for (const input of missing) {
    await create(client, { ...input, spec: { ...input.spec, version } });
  }
}

async function create(client: Client, body: DeploymentInput): Promise<void> {
  try {
    await client.get('createDeployment', { params: { namespace }, body });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'already-exists') throw error;
  }
}

/** deployments.yaml with `${Stack.Output}` filled in; the version is whatever was pushed. */
async function readDeployments(output: DemoOptions['output']): Promise<DeploymentInput[]> {
  const file = join(folder, 'deployments.yaml');
  const text = (await readFile(file, 'utf8')).replace(
    /\$\{(\w+)\.(\w+)\}/g,
    (_, stack: string, name: string) => {
      const value = output(stack, name);
      if (value === undefined) throw new Error(`Cannot fill ${file}: stack ${stack} has no output ${name}`);
      return value;
    },
  );
  return parseAllDocuments(text).map((document) => DeploymentInput.parse(document.toJS()));
}
