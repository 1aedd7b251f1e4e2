import { describe, expect, it } from 'vitest';
import type { Sink, Source, SplitEnumerator } from '../connectors/connector.ts';
import { FencedError, type WriteCondition } from '../host.ts';
import { countingGraph, expectedTotals, type Payment } from './counting.fixture.ts';
import { COUNT, Deployment, SPLITS } from './job-runs.fixture.ts';

const expected = expectedTotals(SPLITS, COUNT);

describe('a job whose function throws', () => {
  it('is restarted up to the limit, fails with its last fault, and keeps the first one', async () => {
    let calls = 0;
    const watch = ({ amount }: Payment) => {
      calls += 1;
      if (calls > 100) throw new RangeError(`amount ${amount} is wrong, call ${calls}`);
    };
    const deployment = new Deployment();
    const run = await deployment.start({ watch }, { restart: { kind: 'exponential-delay', maxRestarts: 2 } });
    const end = await run.toEnd();
    expect(end).toMatchObject({
      state: 'FAILED',
      fenced: false,
      failure: {
        name: 'RangeError',
        vertex: 'payments -> watch',
        operator: 'watch',
        message: expect.stringMatching(/call 10[3-9]/),
        record: expect.stringContaining('"country"'),
      },
    });
    expect(end?.failure?.stack).toContain('Caused by: RangeError');
    const status = run.job.status();
    expect([status.restarts, status.faults.length, status.faults[0]]).toEqual([2, 3, end?.failure]);
    expect(status.firstFault?.message).toContain('call 101');
    expect(run.host.events.filter(({ type }) => type === 'job-restarting')).toHaveLength(2);
    expect(status.vertices[0]?.subtasks.every(({ state }) => state === 'FAILED')).toBe(true);
  });

  it('waits before it starts again, and can be cancelled meanwhile', async () => {
    const watch = () => {
      throw new Error('always');
    };
    const run = await new Deployment().start(
      { watch },
      { restart: { kind: 'exponential-delay', initialDelayMs: 600_000 } },
    );
    await run.until(() => run.job.status().state === 'RESTARTING');
    void run.job.cancel();
    const asked = run.host.clock.now();
    expect(await run.toEnd()).toEqual({ state: 'CANCELED', fenced: false });
    expect(run.host.clock.now() - asked).toBeLessThan(1000);
  });

  it('is FAILED when its graph cannot be built, with what the program said', async () => {
    const application = {
      name: 'broken',
      build: () => {
        throw new TypeError('no such stream');
      },
    };
    const run = await new Deployment().start({}, { application: { application } });
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: { name: 'TypeError', message: 'no such stream' },
    });
  });

  it('is FAILED when its graph is not the one that was registered', async () => {
    const run = await new Deployment().start({}, { graphHash: '0'.repeat(64) });
    expect(await run.toEnd()).toMatchObject({
      failure: { name: 'Refusal', message: expect.stringContaining('push the application again') },
    });
  });
});

describe('a job on threads', () => {
  it('is refused when its application cannot cross them', async () => {
    const run = await new Deployment().start({}, { threads: true });
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: { name: 'Refusal', message: expect.stringContaining('give its module') },
    });
  });
});

describe('a job that is fenced', () => {
  it('does not start when the head has another epoch', async () => {
    const run = await new Deployment().start({}, { epoch: 7 });
    expect(await run.toEnd()).toMatchObject({ state: 'FAILED', fenced: true });
    expect(run.host.events).toContainEqual(expect.objectContaining({ type: 'job-fenced', epoch: 7 }));
  });

  it('stops at its next commit, without a restart and without having moved the head', async () => {
    const deployment = new Deployment();
    const run = await deployment.start({ count: 2000 });
    await run.checkpoints(1);
    await deployment.writeHead(9, 'next');
    const head = await deployment.storage.get('d/head.json');
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      fenced: true,
      failure: { message: expect.stringContaining('has epoch 9 now') },
    });
    expect(await deployment.storage.get('d/head.json')).toEqual(head);
    expect(run.host.events.some(({ type }) => type === 'job-restarting')).toBe(false);
  });
});

describe('a sink that is fenced', () => {
  it('ends the job for good, whatever the head says', async () => {
    const deployment = new Deployment();
    const sink = deployment.table.sink(5);
    const fenced: Sink<never> = {
      ...sink,
      writer: (host, subtask) => {
        const writer = sink.writer(host, subtask);
        return {
          write: (value, time) => writer.write(value, time),
          pending: 0,
          highWater: 1,
          flush: () => Promise.reject(new FencedError('the item has epoch 12')),
          onAvailable: () => undefined,
          close: () => writer.close(),
        };
      },
    };
    const run = await deployment.start({ sink: fenced });
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      fenced: true,
      failure: { message: 'the item has epoch 12', vertex: 'per-country -> totals' },
    });
  });
});

describe('a checkpoint that fails', () => {
  it('costs nothing but itself', async () => {
    const deployment = new Deployment();
    const { storage } = deployment;
    const put = storage.put.bind(storage);
    let refusals = 2;
    storage.put = (key: string, bytes: Uint8Array, condition?: WriteCondition) => {
      if (!key.includes('/chk-') || refusals === 0) return put(key, bytes, condition);
      refusals -= 1;
      return Promise.reject(new Error('SlowDown'));
    };
    const run = await deployment.start();
    await run.until(() => run.job.status().checkpoints.counts.failed === 2);
    expect(run.job.status().checkpoints.latest.failed?.failure).toBe('SlowDown');
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(deployment.table.rows).toEqual(expected);
    expect(run.job.status().restarts).toBe(0);
  });

  it('is given up when it takes too long, and the channels that it blocked go on', async () => {
    const deployment = new Deployment();
    const { storage } = deployment;
    const put = storage.put.bind(storage);
    let stuck = true;
    storage.put = (key: string, bytes: Uint8Array, condition?: WriteCondition) => {
      if (!stuck || !key.includes('/chunks/')) return put(key, bytes, condition);
      return new Promise(() => undefined);
    };
    const run = await deployment.start({}, { checkpointTimeoutMs: 10 });
    await run.until(() => run.job.status().checkpoints.counts.failed === 1);
    stuck = false;
    expect(run.job.status().checkpoints.latest.failed?.failure).toBe('it took longer than 10 ms');
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(deployment.table.rows).toEqual(expected);
  });

  it('restarts the job after more failures in a row than are tolerable', async () => {
    const deployment = new Deployment();
    const { storage } = deployment;
    const put = storage.put.bind(storage);
    storage.put = (key: string, bytes: Uint8Array, condition?: WriteCondition) =>
      key.includes('/chk-') ? Promise.reject(new Error('AccessDenied')) : put(key, bytes, condition);
    const run = await deployment.start(
      { count: 10_000 },
      { tolerableFailedCheckpoints: 1, restart: { kind: 'none' } },
    );
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: { message: 'Checkpoint 2 failed: AccessDenied' },
    });
  });
});

describe('a job whose source does not know yet what to read', () => {
  it('has not started, whatever the operators behind it do', async () => {
    const { nodes } = countingGraph({
      splits: SPLITS,
      count: COUNT,
      sink: new Deployment().table.sink(5),
    });
    const unanswered = () => new Promise<never>(() => undefined);
    const application = {
      name: 'waiting',
      build: () => ({
        application: 'waiting',
        nodes: nodes.map((node) =>
          node.definition.kind === 'source'
            ? {
                ...node,
                definition: {
                  ...node.definition,
                  source: withEnumerator(node.definition.source, unanswered),
                },
              }
            : node,
        ),
      }),
    };
    const run = await new Deployment().start({}, { application: { application } });
    await run.until(() => run.job.status().state === 'RUNNING');
    expect(run.job.status().vertices.map(({ subtasks }) => subtasks[0]?.state)).toEqual([
      'INITIALIZING',
      'RUNNING',
    ]);
  });
});

function withEnumerator(source: Source<unknown>, discover: SplitEnumerator['discover']): Source<unknown> {
  return {
    ...source,
    reader: (host, subtask) => source.reader(host, subtask),
    enumerator: () => ({ discover, discoverEveryMs: 0, close: () => Promise.resolve() }),
  };
}
