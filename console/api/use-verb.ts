/** Asks the platform to carry out a verb, or only to say how it would. */
import { useMutation, useQuery, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { ulid } from '#contract/id.ts';
import type { Operation, Plan } from '#contract/resources/operation.ts';
import type { RestoreStrategy } from '#contract/resources/deployment.ts';
import type { Verb } from '#contract/verbs.ts';
import { client } from './client.ts';
import { watched } from './connection.ts';
import { deploymentParams } from './deployments.ts';
import { queryClient } from './query-client.ts';

const PLAN = 'plan';

/** What a dialog may fill in; each verb takes its own part. */
export interface VerbInput {
  readonly description?: string;
  readonly restoreStrategy?: RestoreStrategy;
  readonly acceptStateLoss?: boolean;
}

export function usePlan(verb: Verb, deployment: string, input: VerbInput): UseQueryResult<Plan> {
  // The description changes no plan; leaving it out spares a request for every letter typed.
  const { description: _, ...decisive } = input;
  return useQuery({
    queryKey: [PLAN, verb, deployment, decisive],
    queryFn: async () =>
      planOf(
        await send({
          verb,
          deployment,
          input: decisive,
          dryRun: 'true',
          idempotencyKey: newIdempotencyKey(),
        }),
      ),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

export function useCarryOut(
  verb: Verb,
  deployment: string,
): UseMutationResult<Operation, Error, { readonly input: VerbInput; readonly idempotencyKey: string }> {
  return useMutation({
    mutationFn: async ({ input, idempotencyKey }) =>
      operationOf(await send({ verb, deployment, input, dryRun: 'false', idempotencyKey })),
    // Not the plan: a verb that was just accepted would be refused a second time.
    onSuccess: () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== PLAN }),
  });
}

/** One key for one dialog: pressing twice, or again after a lost answer, is one request. */
export function newIdempotencyKey(): string {
  // Not randomUUID: browsers keep that from pages that are served without TLS from another machine.
  return ulid(Date.now(), crypto.getRandomValues(new Uint8Array(16)));
}

interface VerbCall {
  readonly verb: Verb;
  readonly deployment: string;
  readonly input: VerbInput;
  readonly dryRun: 'true' | 'false';
  readonly idempotencyKey: string;
}

async function send(request: VerbCall): Promise<Operation | Plan> {
  const { verb, deployment, input, dryRun, idempotencyKey } = request;
  const call = { ...deploymentParams(deployment), query: { dryRun }, idempotencyKey };
  const description = input.description === undefined ? {} : { description: input.description };
  return watched(() => {
    switch (verb) {
      case 'start': {
        const body = input.restoreStrategy === undefined ? {} : { restoreStrategy: input.restoreStrategy };
        return client.get('startDeployment', { ...call, body });
      }
      case 'suspend':
        return client.get('suspendDeployment', { ...call, body: description });
      case 'savepoint':
        return client.get('createSavepoint', { ...call, body: description });
      case 'cancel':
        return client.get('cancelDeployment', {
          ...call,
          body: { acceptStateLoss: input.acceptStateLoss ?? false },
        });
    }
  });
}

function planOf(answer: Operation | Plan): Plan {
  return 'id' in answer ? answer.plan : answer;
}

function operationOf(answer: Operation | Plan): Operation {
  if ('id' in answer) return answer;
  throw new Error('Cannot follow the operation: the platform answered a plan instead');
}
