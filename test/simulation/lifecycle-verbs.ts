/** Every verb of a deployment as a call of the API, for whoever asks them at random. */
import type { Client } from '#contract/api/client.ts';
import type { Verb } from '#contract/verbs.ts';

/** What a call is made with; `dice` gives numbers below its argument. */
export interface Asking {
  readonly client: Client;
  readonly deployment: string;
  readonly idempotencyKey: string;
  readonly dice: (below: number) => number;
}

/** Answers the operation, or the plan of one that had nothing to do. */
type Ask = (asking: Asking) => Promise<object>;

const place = ({ deployment, idempotencyKey }: Asking) => ({
  params: { namespace: 'default', deployment },
  idempotencyKey,
});

export const ask: Readonly<Record<Verb, Ask>> = {
  start: (asking) => asking.client.get('startDeployment', { ...place(asking), body: {} }),
  suspend: (asking) => asking.client.get('suspendDeployment', { ...place(asking), body: {} }),
  drain: (asking) => asking.client.get('drainDeployment', { ...place(asking), body: {} }),
  cancel: (asking) => asking.client.get('cancelDeployment', { ...place(asking), body: {} }),
  savepoint: (asking) => asking.client.get('createSavepoint', { ...place(asking), body: {} }),
  restart: (asking) => asking.client.get('restartDeployment', { ...place(asking), body: {} }),
  upgrade: (asking) =>
    asking.client.get('upgradeDeployment', {
      ...place(asking),
      body: {
        spec: { checkpointInterval: `${1 + asking.dice(3)} seconds` },
        gate: { healthyFor: '1 second' },
      },
    }),
  rollback: (asking) => asking.client.get('rollbackDeployment', { ...place(asking), body: {} }),
  reset: async (asking) => {
    const { params } = place(asking);
    const { items } = await asking.client.get('listSavepoints', { params });
    const savepoint = items.find(({ state }) => state === 'completed');
    const savepointId = savepoint?.id ?? '0'.repeat(26);
    return asking.client.get('resetDeployment', { ...place(asking), body: { savepointId } });
  },
  rescale: (asking) =>
    asking.client.get('rescaleDeployment', {
      ...place(asking),
      body: { parallelism: 1 + asking.dice(2) },
    }),
  migrate: (asking) =>
    asking.client.get('migrateDeployment', { ...place(asking), body: { target: 'default' } }),
  fork: (asking) =>
    asking.client.get('forkDeployment', {
      ...place(asking),
      body: { name: `fork-${asking.idempotencyKey}`, spec: { parallelism: 1 } },
    }),
  delete: (asking) => asking.client.get('deleteDeployment', place(asking)),
};
