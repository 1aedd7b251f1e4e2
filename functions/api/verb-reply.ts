import { API_PREFIX } from '#contract/names.ts';
import type { Operation, Plan } from '#contract/resources/operation.ts';
import type { VerbAnswer } from '../operations/request-verb.ts';

/** What a verb answers: 200 with a plan, or 202 with the operation and where to look at it. */
export interface VerbReply {
  readonly body: Operation | Plan;
  readonly status: number;
  readonly location?: string;
}

export function verbReply(answer: VerbAnswer): VerbReply {
  if (answer.kind === 'plan') return { status: 200, body: answer.plan };
  const { namespace, id } = answer.operation;
  return {
    status: 202,
    body: answer.operation,
    location: `${API_PREFIX}/namespaces/${namespace}/operations/${id}`,
  };
}
