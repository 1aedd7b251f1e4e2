/** Asks the platform to carry out a verb, or only to say how it would. */
import {
  keepPreviousData,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { ulid } from '#contract/id.ts';
import type { Operation, Plan } from '#contract/resources/operation.ts';
import { queryClient } from './query-client.ts';
import { sendVerb } from './send-verb.ts';
import { isComplete, type Act, type VerbInput } from './verb-input.ts';

const PLAN = 'plan';

export function usePlan(act: Act, deployment: string, input: VerbInput): UseQueryResult<Plan> {
  // Sentences for people change no plan; leaving them out spares a request for every letter typed.
  const { description: _, reason: _reason, ...decisive } = input;
  return useQuery({
    queryKey: [PLAN, act, deployment, decisive],
    queryFn: async () =>
      planOf(
        await sendVerb({
          act,
          deployment,
          input: decisive,
          // Without it the platform would answer a refusal instead of the plan that tells the losses.
          acceptStateLoss: true,
          dryRun: 'true',
          idempotencyKey: newIdempotencyKey(),
        }),
      ),
    enabled: isComplete(act, input),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

interface Acceptance {
  readonly input: VerbInput;
  readonly acceptStateLoss: boolean;
  readonly idempotencyKey: string;
}

export function useCarryOut(act: Act, deployment: string): UseMutationResult<Operation, Error, Acceptance> {
  return useMutation({
    mutationFn: async (acceptance) =>
      operationOf(await sendVerb({ act, deployment, dryRun: 'false', ...acceptance })),
    // Not the plan: a verb that was just accepted would be refused a second time.
    onSuccess: () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== PLAN }),
  });
}

/** One key for one dialog: pressing twice, or again after a lost answer, is one request. */
export function newIdempotencyKey(): string {
  // Not randomUUID: browsers keep that from pages that are served without TLS from another machine.
  return ulid(Date.now(), crypto.getRandomValues(new Uint8Array(16)));
}

function planOf(answer: Operation | Plan): Plan {
  return 'id' in answer ? answer.plan : answer;
}

function operationOf(answer: Operation | Plan): Operation {
  if ('id' in answer) return answer;
  throw new Error('Cannot follow the operation: the platform answered a plan instead');
}
