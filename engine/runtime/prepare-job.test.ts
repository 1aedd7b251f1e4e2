import { describe, expect, it } from 'vitest';
import { expectedTotals } from './counting.fixture.ts';
import { COUNT, Deployment, SPLITS } from './job-runs.fixture.ts';
import { TransactionLog, writingApplication } from './transactions.fixture.ts';

/** A deployment whose first job was lost after a checkpoint, and whose storage fails so many reads that match. */
async function unreadable(match: RegExp, failures: number) {
  const deployment = new Deployment();
  const run = await deployment.start();
  await run.checkpoints(2);
  const { storage } = deployment;
  const get = storage.get.bind(storage);
  const state = { failures, failed: 0 };
  const next = (...args: Parameters<Deployment['start']>) => {
    storage.get = (key) => {
      if (!match.test(key) || state.failed >= state.failures) return get(key);
      state.failed += 1;
      return Promise.reject(new Error('ECONNRESET'));
    };
    return deployment.start(...args);
  };
  return { deployment, state, next };
}

describe('a job whose state cannot be read for a while', () => {
  it.each([
    ['manifest', /chk-\d+\.json$/],
    ['chunk', /\/chunks\//],
    ['head', /head\.json$/],
  ])('begins later and loses nothing, when it is the %s', async (_, match) => {
    const { deployment, state, next } = await unreadable(match, 0);
    const start = next();
    state.failures = 3;
    const run = await start;
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(state.failed).toBe(3);
    expect(deployment.table.rows).toEqual(expectedTotals(SPLITS, COUNT));
    expect(run.host.events.filter(({ type }) => type === 'job-restarting').length).toBeGreaterThan(0);
    expect(run.job.status().firstFault?.message).toBe('ECONNRESET');
  });

  it('is FAILED when its restarts are used up', async () => {
    const { state, next } = await unreadable(/chk-\d+\.json$/, Infinity);
    const run = await next({}, { restart: { kind: 'fixed-delay', attempts: 2, delayMs: 10 } });
    expect(await run.toEnd()).toMatchObject({ state: 'FAILED', failure: { message: 'ECONNRESET' } });
    expect(state.failed).toBe(3);
  });

  it('can be cancelled meanwhile', async () => {
    const { next } = await unreadable(/chk-\d+\.json$/, Infinity);
    const run = await next({}, { restart: { kind: 'exponential-delay', initialDelayMs: 600_000 } });
    await run.until(() => run.job.status().state === 'RESTARTING');
    void run.job.cancel();
    expect(await run.toEnd()).toEqual({ state: 'CANCELED', fenced: false });
  });
});

describe('a job that takes no checkpoints', () => {
  it('is refused when its sink commits with them and its source has no end', async () => {
    const application = writingApplication(new TransactionLog().sink(), { splits: SPLITS });
    const run = await new Deployment().start({}, { application: { application }, checkpointIntervalMs: 0 });
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: {
        name: 'Refusal',
        message:
          'Cannot run application "writing": its sink "log" shows records when a checkpoint completes, its source "records" has no end, and its checkpoint interval is 0; set a checkpoint interval above 0',
      },
    });
  });
});
