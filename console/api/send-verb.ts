/** The call of each verb. */
import type { Operation, Plan } from '#contract/resources/operation.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { deploymentParams } from './deployments.ts';
import type { Act, VerbInput } from './verb-input.ts';

/** One request of one verb, or only for its plan. */
export interface VerbCall {
  readonly act: Act;
  readonly deployment: string;
  readonly input: VerbInput;
  readonly acceptStateLoss: boolean;
  readonly dryRun: 'true' | 'false';
  readonly idempotencyKey: string;
}

export function sendVerb(request: VerbCall): Promise<Operation | Plan> {
  return watched(() => callOf(request));
}

function callOf(request: VerbCall): Promise<Operation | Plan> {
  const { act, input } = request;
  const call = commonOf(request);
  const description = given('description', input.description);
  const reason = given('reason', input.reason);
  const startAt = given('startAt', input.startAt);
  switch (act) {
    case 'start':
      return client.get('startDeployment', {
        ...call,
        body: { ...given('restoreStrategy', input.restoreStrategy), ...startAt },
      });
    case 'suspend':
      return client.get('suspendDeployment', { ...call, body: description });
    case 'drain':
      return client.get('drainDeployment', { ...call, body: description });
    case 'savepoint':
      return client.get('createSavepoint', { ...call, body: description });
    case 'restart':
      return client.get('restartDeployment', { ...call, body: reason });
    case 'rescale':
      return client.get('rescaleDeployment', { ...call, body: { parallelism: input.parallelism ?? 1 } });
    case 'migrate':
      return client.get('migrateDeployment', { ...call, body: { target: input.target ?? '', ...reason } });
    case 'fork':
      return client.get('forkDeployment', { ...call, body: forkBody(input) });
    default:
      return losingCall(act, request);
  }
}

type LosingAct = 'cancel' | 'upgrade' | 'promote' | 'rollback' | 'reset' | 'delete';

/** Those that may give up state, for which the caller has to say so. */
function losingCall(act: LosingAct, request: VerbCall): Promise<Operation | Plan> {
  const { input, acceptStateLoss } = request;
  const call = commonOf(request);
  const body = { ...given('reason', input.reason), acceptStateLoss };
  const gate = given('gate', input.gate);
  switch (act) {
    case 'cancel':
      return client.get('cancelDeployment', { ...call, body: { acceptStateLoss } });
    case 'upgrade':
      return client.get('upgradeDeployment', {
        ...call,
        body: { ...body, ...gate, ...given('version', input.version), ...given('spec', input.spec) },
      });
    case 'promote':
      return client.get('promoteDeployment', {
        ...call,
        body: { ...body, ...gate, to: input.promoteTo ?? '' },
      });
    case 'rollback':
      return client.get('rollbackDeployment', { ...call, body: { ...body, ...given('to', input.revision) } });
    case 'reset':
      return client.get('resetDeployment', {
        ...call,
        body: { ...body, savepointId: input.savepointId ?? '' },
      });
    case 'delete':
      return client.get('deleteDeployment', {
        ...call,
        query: {
          ...call.query,
          savepoints: input.deletion?.savepoints ?? 'keep',
          purge: input.deletion?.purge === true ? 'true' : 'false',
          acceptStateLoss: acceptStateLoss ? 'true' : 'false',
        },
      });
  }
}

function commonOf({ deployment, dryRun, idempotencyKey }: VerbCall) {
  return { ...deploymentParams(deployment), query: { dryRun }, idempotencyKey };
}

function forkBody({ fork = {}, savepointId, version, spec, startAt, reason }: VerbInput) {
  return {
    name: fork.name ?? '',
    state: fork.empty === true ? ('none' as const) : ('savepoint' as const),
    ...given('namespace', fork.namespace),
    ...given('sinks', fork.sinks),
    ...given('expiresAt', fork.expiresAt),
    ...(fork.empty === true ? {} : given('savepointId', savepointId)),
    ...given('version', version),
    ...given('spec', spec),
    ...given('startAt', startAt),
    ...given('reason', reason),
  };
}

/** A member for an object, where there is a value for it. */
function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [N in Name]?: Value } {
  // An object with one computed member is typed by any name.
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: Value });
}
