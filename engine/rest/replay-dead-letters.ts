import { RestError } from './rest-error.ts';
import type { RestContext } from './rest-context.ts';
import type { RestReply, RestRequest } from './router.ts';

/**
 * Puts records in again that were set aside: `{"ids": ["…"]}`. Answers when the attempt runs that does so; 409 where the
 * job cannot, or one of them is not set aside.
 */
export async function replayDeadLetters(context: RestContext, { body }: RestRequest): Promise<RestReply> {
  const { ids } = body;
  if (!Array.isArray(ids) || ids.length === 0 || !ids.every((id) => typeof id === 'string')) {
    throw new RestError(400, 'Cannot replay dead letters: write {"ids":["…"]} with the ids of their list');
  }
  try {
    await context.job.replay(ids);
  } catch (cause) {
    throw new RestError(409, cause instanceof Error ? cause.message : String(cause), { cause });
  }
  return { json: { replayed: ids } };
}
