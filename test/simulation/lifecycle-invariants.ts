/** What the API must say of every deployment once nothing is under way. */
import type { Client } from '#contract/api/client.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { endedJobStates } from '#contract/resources/job.ts';
import { endedOperationStates } from '#contract/resources/operation.ts';

const NAMESPACE = 'default';

/** Sentences about what is not as it must be; `acknowledged` are the operations that callers were told of. */
export async function violations(client: Client, acknowledged: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const operation of acknowledged) {
    const { kind, state, problem } = await client.get('getOperation', {
      params: { namespace: NAMESPACE, operation },
    });
    if (!endedOperationStates.includes(state)) found.push(`${kind} ${operation} is ${state}`);
    if (state === 'failed' && problem === null) found.push(`${kind} ${operation} failed without a problem`);
  }
  const { items } = await client.get('listDeployments', {
    params: { namespace: NAMESPACE },
    query: { limit: 100 },
  });
  for (const deployment of items) found.push(...(await ofDeployment(client, deployment)));
  return found;
}

async function ofDeployment(client: Client, { name, status }: Deployment): Promise<string[]> {
  const found: string[] = [];
  const params = { namespace: NAMESPACE, deployment: name };
  const { state, operationId, jobNumber } = status;
  if (state === 'transitioning' || operationId !== null)
    found.push(`${name} is ${state} with operation ${operationId}`);
  const { items: jobs } = await client.get('listJobs', { params, query: { limit: 100 } });
  const alive = jobs.filter((job) => !endedJobStates.includes(job.state));
  const expected = state === 'running' ? [jobNumber] : [];
  const numbers = alive.map(({ number }) => number);
  if (numbers.join() !== expected.join()) found.push(`${name} is ${state}, and alive are jobs ${numbers}`);
  const epochs = jobs.toReversed().flatMap(({ attempts }) => attempts.map(({ epoch }) => epoch));
  if (epochs.some((epoch, index) => index > 0 && epoch <= (epochs[index - 1] ?? 0)))
    found.push(`${name} has epochs ${epochs}`);
  return [...found, ...(await ofSavepoints(client, params)), ...(await ofEvents(client, params))];
}

type Params = { readonly namespace: string; readonly deployment: string };

async function ofSavepoints(client: Client, params: Params): Promise<string[]> {
  const found: string[] = [];
  const { items } = await client.get('listSavepoints', { params, query: { limit: 100 } });
  for (const { id, state } of items) {
    if (state === 'started') found.push(`savepoint ${id} is started for ever`);
    if (state !== 'completed') continue;
    const contents = client.get('getSavepointContents', { params: { ...params, savepoint: id } });
    await contents.catch((error: unknown) => found.push(`savepoint ${id} cannot be read: ${String(error)}`));
  }
  return found;
}

/** Every change of status is told, and begins where the one before ended. */
async function ofEvents(client: Client, params: Params): Promise<string[]> {
  const { items } = await client.get('listEvents', { params, query: { limit: 200 } });
  const failed = items.filter(({ name, message }) => name === 'operation-failed' && message === '');
  return failed.map(({ id }) => `event ${id} does not say why the operation failed`);
}
