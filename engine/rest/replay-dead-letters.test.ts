import { describe, expect, it } from 'vitest';
import { FakeJob } from './fake-job.fixture.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import type { RestContext } from './rest-context.ts';
import type { RestRequest } from './router.ts';

function ask(body: Readonly<Record<string, unknown>>, refusal?: Error) {
  const job = new FakeJob();
  job.replay = () => (refusal === undefined ? Promise.resolve() : Promise.reject(refusal));
  // Nothing else of the context and of the request is looked at.
  return replayDeadLetters({ job } as unknown as RestContext, { body } as unknown as RestRequest);
}

describe('a replay of dead letters', () => {
  it('answers when the attempt runs', async () => {
    expect(await ask({ ids: ['a', 'b'] })).toEqual({ json: { replayed: ['a', 'b'] } });
  });

  it.each([{}, { ids: [] }, { ids: 'a' }, { ids: [1] }])('is refused without ids: %j', async (body) => {
    await expect(ask(body)).rejects.toMatchObject({ status: 400 });
  });

  it('says why the job refuses', async () => {
    const refusal = new Error('Cannot replay dead letter "x": there is none of this id');
    await expect(ask({ ids: ['x'] }, refusal)).rejects.toMatchObject({
      status: 409,
      message: refusal.message,
    });
  });
});
