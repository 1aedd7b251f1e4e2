import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InMemoryStorage } from '../runtime/in-memory-storage.ts';
import { FakeJob, JOB_ID, SOURCE_ID, STARTED_AT_MS, WINDOW_ID, statusView } from './fake-job.fixture.ts';
import { serverOptions } from './rest-server.fixture.ts';
import { startRestServer } from './server.ts';
import type { RestServer } from './server.ts';

const TOKEN = 'secret-of-the-job';
const TRIGGER = 'd'.repeat(32);

let job: FakeJob;
let storage: InMemoryStorage;
let server: RestServer;
let errors: unknown[];

beforeEach(async () => {
  job = new FakeJob();
  storage = new InMemoryStorage();
  errors = [];
  server = await startRestServer({
    ...serverOptions(job, storage, (error) => errors.push(error)),
    token: TOKEN,
  });
});

afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly text: string;
  // Bodies are compared by matchers, which look at every member.
  readonly body: unknown;
}

function call(method: string, path: string, body?: unknown, token = TOKEN): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
    const request = httpRequest(
      {
        port: server.port,
        host: '127.0.0.1',
        method,
        path,
        // The real client sends a body with every request, GET included, and closes the connection.
        headers: {
          'content-type': 'application/json; charset=UTF-8',
          'content-length': Buffer.byteLength(text),
          connection: 'close',
          authorization: `Bearer ${token}`,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          const isJson = (response.headers['content-type'] ?? '').startsWith('application/json');
          resolve({
            status: response.statusCode ?? 0,
            text: answer,
            body: isJson ? JSON.parse(answer) : undefined,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

describe('the REST API', () => {
  test('answers every path bare and under /v1', async () => {
    expect((await call('GET', '/jobs')).body).toEqual({ jobs: [{ id: JOB_ID, status: 'RUNNING' }] });
    expect((await call('GET', '/v1/jobs')).body).toEqual({ jobs: [{ id: JOB_ID, status: 'RUNNING' }] });
    expect((await call('GET', '/v1/config')).body).toMatchObject({ 'flink-version': '2.2.x-compat' });
  });

  test('gives errors as one key, which is how the client knows them', async () => {
    expect(await call('GET', '/v1/nothing')).toMatchObject({
      status: 404,
      body: { errors: ['Not found: /v1/nothing'] },
    });
    const unknown = await call('GET', `/jobs/${'0'.repeat(32)}`);
    expect(unknown).toMatchObject({
      status: 404,
      body: { errors: [`Could not find Flink job (${'0'.repeat(32)})`] },
    });
    expect(await call('GET', '/jobs/x')).toMatchObject({ status: 400 });
    expect(await call('GET', `/jobs/${JOB_ID}/%E0%A4%A`)).toMatchObject({ status: 404 });
    expect(await call('GET', '/jobs/%E0%A4%A')).toMatchObject({ status: 400 });
    expect((await call('POST', '/jobs')).status).toBe(501);
  });

  test('asks for the token of the job everywhere but at /health', async () => {
    expect(await call('GET', '/jobs', {}, 'wrong')).toMatchObject({ status: 401 });
    expect(await call('GET', '/metrics', {}, '')).toMatchObject({ status: 401 });
    expect(await call('GET', '/health', {}, 'wrong')).toMatchObject({
      status: 200,
      body: { status: 'ok', job: 'RUNNING' },
    });
  });

  test('gives no details of a fault of its own', async () => {
    Object.defineProperty(job, 'view', {
      get: () => {
        throw new Error('inner secret');
      },
    });
    expect(await call('GET', '/jobs')).toMatchObject({
      status: 500,
      body: { errors: ['Internal server error.'] },
    });
    expect(errors).toMatchObject([{ message: 'inner secret' }]);
  });

  test('refuses bodies that are too large, no JSON, no object, or have unknown fields', async () => {
    const path = `/jobs/${JOB_ID}/savepoints`;
    expect((await call('POST', path, 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect((await call('POST', path, '{')).status).toBe(400);
    expect((await call('POST', path, '[]')).status).toBe(400);
    expect((await call('POST', path, { targetDirectory: 'x' })).text).toContain(
      'field \\"targetDirectory\\" is unknown',
    );
    expect((await call('POST', path, { 'cancel-job': 'yes' })).text).toContain('must be a boolean');
    expect((await call('POST', path, { formatType: 'OTHER' })).text).toContain('one of CANONICAL, NATIVE');
    expect(job.savepoints).toEqual([]);
  });

  test('describes the job with times, counts and plan', async () => {
    const { body } = await call('GET', `/jobs/${JOB_ID}`);
    expect(body).toMatchObject({
      jid: JOB_ID,
      state: 'RUNNING',
      'end-time': -1,
      duration: 5050,
      timestamps: { RUNNING: STARTED_AT_MS + 60, FAILED: 0 },
      'status-counts': { RUNNING: 3, FINISHED: 0 },
      vertices: [
        { id: SOURCE_ID, status: 'RUNNING', metrics: { 'write-records': 700 } },
        { id: WINDOW_ID, parallelism: 2, metrics: { 'read-records': 700 } },
      ],
      plan: {
        nodes: [
          { id: SOURCE_ID, inputs: [] },
          {
            id: WINDOW_ID,
            description: 'per-country -&gt; &lt;totals&gt;',
            inputs: [{ id: SOURCE_ID, num: 0, ship_strategy: 'HASH', exchange: 'pipelined_bounded' }],
          },
        ],
      },
    });
  });

  test('takes a savepoint into a directory of its own, once for each trigger', async () => {
    const request = { 'target-directory': 's3://headwater/savepoints/x/', triggerId: TRIGGER };
    expect(await call('POST', `/jobs/${JOB_ID}/savepoints`, request)).toMatchObject({
      status: 202,
      body: { 'request-id': TRIGGER },
    });
    const directory = 'savepoints/x/savepoint-599eef-dddddddddddd';
    expect(job.savepoints).toEqual([{ directory, stop: false, triggerId: TRIGGER }]);
    expect((await call('GET', `/jobs/${JOB_ID}/savepoints/${TRIGGER}`)).body).toEqual({
      status: { id: 'COMPLETED' },
      operation: { location: `s3://headwater/${directory}` },
    });
  });

  test('takes a savepoint for another bucket as Flink does, and tells the fault with the result', async () => {
    const directories = ['s3://other/x', 'file:///x', 's3://headwater/'];
    for (const [index, targetDirectory] of directories.entries()) {
      const triggerId = String(index).padStart(32, '0');
      const taken = await call('POST', `/jobs/${JOB_ID}/stop`, { targetDirectory, triggerId });
      expect(taken).toMatchObject({ status: 202, body: { 'request-id': triggerId } });
      const { status, text } = await call('GET', `/jobs/${JOB_ID}/savepoints/${triggerId}`);
      expect(status).toBe(200);
      expect(text).toContain(`Cannot use location \\"${targetDirectory}\\"`);
      expect(text).toContain('serialized-throwable');
    }
    expect(job.savepoints).toEqual([]);
  });

  test('refuses a trigger id that is none, and knows none that was not given', async () => {
    expect((await call('POST', `/jobs/${JOB_ID}/stop`, { triggerId: 'x' })).status).toBe(400);
    expect((await call('GET', `/jobs/${JOB_ID}/savepoints/${TRIGGER}`)).status).toBe(404);
  });

  test('stops with a savepoint in the default directory and drains when asked', async () => {
    await call('POST', `/jobs/${JOB_ID}/stop`, { drain: true });
    expect(job.savepoints).toMatchObject([
      { directory: 'checkpoints/d/savepoints/savepoint-599eef-eeeeeeeeeeee', stop: true, drain: true },
    ]);
  });

  test('reports a failed savepoint as a throwable that Java can read', async () => {
    job.triggers.set(TRIGGER, { status: 'failed', failure: 'the bucket is gone' });
    const { status, body } = await call('GET', `/jobs/${JOB_ID}/savepoints/${TRIGGER}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: { id: 'COMPLETED' },
      operation: { 'failure-cause': { class: 'org.apache.flink.runtime.checkpoint.CheckpointException' } },
    });
    expect(JSON.stringify(body)).toContain('serialized-throwable');
  });

  test('cancels, and refuses to cancel a job that ended otherwise', async () => {
    expect(await call('PATCH', `/jobs/${JOB_ID}?mode=cancel`)).toMatchObject({ status: 202, body: {} });
    expect(job.cancelled).toBe(1);
    expect((await call('PATCH', `/jobs/${JOB_ID}?mode=stop`)).status).toBe(400);
    job.view = { ...statusView(), state: 'FINISHED' };
    expect((await call('PATCH', `/jobs/${JOB_ID}`)).status).toBe(409);
    expect(job.cancelled).toBe(1);
  });

  test('shows checkpoints with counts, latest and history, and 404 where there are none', async () => {
    const path = `/jobs/${JOB_ID}/checkpoints`;
    expect((await call('GET', path)).body).toMatchObject({
      counts: { total: 2, in_progress: 0, completed: 1, failed: 1 },
      summary: { state_size: { min: 300, max: 300, avg: 300, p99: 300 } },
      latest: {
        completed: {
          className: 'completed',
          external_path: 's3://headwater/checkpoints/d/jobs/j/chk-1.json',
        },
        failed: { className: 'failed', failure_message: 'the directory is not empty' },
      },
      history: [
        { id: 2, status: 'FAILED', checkpoint_type: 'SYNC_SAVEPOINT' },
        { id: 1, status: 'COMPLETED', checkpoint_type: 'CHECKPOINT' },
      ],
    });
    expect((await call('GET', `${path}/details/1`)).body).toMatchObject({
      id: 1,
      tasks: { [WINDOW_ID]: { status: 'COMPLETED', num_subtasks: 2, end_to_end_duration: 40 } },
    });
    expect((await call('GET', `${path}/details/9`)).status).toBe(404);
    expect((await call('GET', `${path}/config`)).body).toMatchObject({
      interval: 10_000,
      mode: 'exactly_once',
      min_pause: 250,
      state_backend: 'disk',
      unaligned_checkpoints: true,
      aligned_checkpoint_timeout: 1000,
      tolerable_failed_checkpoints: 3,
    });
    const { checkpoints } = statusView();
    const off = { ...checkpoints, intervalMs: 0, counts: { ...checkpoints.counts, total: 0 } };
    job.view = { ...statusView(), checkpoints: off };
    expect((await call('GET', path)).body).toEqual({ errors: ['Checkpointing has not been enabled.'] });
  });

  test('shows faults with the operator and the record in hand', async () => {
    expect((await call('GET', `/jobs/${JOB_ID}/exceptions?maxExceptions=1`)).body).toMatchObject({
      exceptionHistory: {
        entries: [
          {
            exceptionName: 'RangeError',
            taskName: 'payments -> to-eur (1)',
            failureLabels: { operator: 'to-eur', record: '{"amount":-1}' },
          },
        ],
        truncated: false,
      },
    });
  });

  test('tells the result of a job that ended, and that one which did not is in progress', async () => {
    const path = `/jobs/${JOB_ID}/execution-result`;
    expect((await call('GET', path)).body).toEqual({ status: { id: 'IN_PROGRESS' } });
    job.view = { ...statusView(), state: 'FAILED', endedAtMs: STARTED_AT_MS + 100 };
    expect((await call('GET', path)).body).toMatchObject({
      status: { id: 'COMPLETED' },
      'job-execution-result': {
        'application-status': 'FAILED',
        'net-runtime': 100,
        'failure-cause': { class: 'RangeError' },
      },
    });
  });

  test('lists metrics by name, gives values as text and aggregates as numbers', async () => {
    const path = `/jobs/${JOB_ID}/vertices/${WINDOW_ID}`;
    expect((await call('GET', `${path}/metrics`)).body).toContainEqual({ id: '1.numRecordsIn' });
    expect(
      (await call('GET', `${path}/metrics?get=0.numRecordsIn,0.per_country_.stateEntries,none`)).body,
    ).toEqual([
      { id: '0.numRecordsIn', value: '400' },
      { id: '0.per_country_.stateEntries', value: '9' },
    ]);
    expect((await call('GET', `${path}/subtasks/metrics?get=numRecordsIn&agg=min,sum`)).body).toEqual([
      { id: 'numRecordsIn', min: 300, sum: 700 },
    ]);
    expect(
      (await call('GET', `${path}/subtasks/metrics?get=numRecordsIn&agg=sum&subtasks=1-2`)).body,
    ).toEqual([{ id: 'numRecordsIn', sum: 300 }]);
    expect((await call('GET', `${path}/subtasks/metrics?get=numRecordsIn&agg=median`)).status).toBe(400);
    expect((await call('GET', `/jobs/${JOB_ID}/metrics?get=numRestarts`)).body).toEqual([
      { id: 'numRestarts', value: '1' },
    ]);
  });

  test('shows watermarks as text, with the least long where there is none', async () => {
    expect((await call('GET', `/jobs/${JOB_ID}/vertices/${WINDOW_ID}/watermarks`)).body).toEqual([
      { id: '0.currentInputWatermark', value: '1795258380000' },
      { id: '1.currentInputWatermark', value: '-9223372036854775808' },
    ]);
  });

  test('grades backpressure by the share of blocked time', async () => {
    expect((await call('GET', `/jobs/${JOB_ID}/vertices/${SOURCE_ID}/backpressure`)).body).toMatchObject({
      status: 'ok',
      backpressureLevel: 'high',
      subtasks: [{ ratio: 0.6, 'backpressure-level': 'high', busyRatio: 0.1 }],
    });
  });

  test('disposes of a savepoint and of nothing else', async () => {
    await storage.put('savepoints/one/manifest.json', new Uint8Array([1]));
    await storage.put('savepoints/one/chunks/a', new Uint8Array([2]));
    await storage.put('savepoints/two/chunks/b', new Uint8Array([3]));
    const dispose = async (path: string, triggerId: string): Promise<unknown> => {
      await call('POST', '/savepoint-disposal', { 'savepoint-path': path, triggerId });
      for (;;) {
        const { body, text } = await call('GET', `/savepoint-disposal/${triggerId}`);
        if (!text.includes('IN_PROGRESS')) return body;
      }
    };
    expect(await dispose('s3://headwater/savepoints/one', TRIGGER)).toEqual({
      status: { id: 'COMPLETED' },
      operation: {},
    });
    expect(JSON.stringify(await dispose('savepoints/two', 'a'.repeat(32)))).toContain(
      'it has no manifest.json',
    );
    const left: string[] = [];
    for await (const key of storage.list('')) left.push(key);
    expect(left).toEqual(['savepoints/two/chunks/b']);
  });

  test('writes metrics that Prometheus reads', async () => {
    const { text } = await call('GET', '/metrics');
    expect(text).toContain('# TYPE headwater_records_in_total counter\n');
    expect(text).toContain(
      'headwater_records_in_total{job="keyed-state",vertex="per-country -> <totals>",subtask="0"} 400\n',
    );
    expect(text).toContain(
      'headwater_undecodable_records_total{job="keyed-state",vertex="payments -> to-eur",subtask="0"} 1\n',
    );
    const line =
      /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? -?[\d.e+]+)$/;
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((each) => !line.test(each)),
    ).toEqual([]);
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test('shows undecodable records and faults as they are', async () => {
    expect((await call('GET', '/headwater/undecodable')).body).toMatchObject({
      records: [{ reason: 'is not JSON' }],
    });
    expect((await call('GET', '/headwater/faults')).body).toMatchObject({ faults: [{ operator: 'to-eur' }] });
  });

  test('shows each subtask of a checkpoint with its phases', async () => {
    const path = `/jobs/${JOB_ID}/checkpoints/details/1/subtasks`;
    expect((await call('GET', `${path}/${WINDOW_ID}`)).body).toMatchObject({
      checkpointed_size: 100,
      summary: { alignment: { duration: { min: 3, max: 4 } }, checkpoint_duration: { async: { avg: 20 } } },
      subtasks: [
        { index: 0, status: 'completed', end_to_end_duration: 30, checkpoint: { sync: 1, async: 20 } },
        { index: 1, alignment: { duration: 4 }, start_delay: 2, checkpointed_size: 40 },
      ],
    });
    expect((await call('GET', `${path}/${SOURCE_ID}`)).status).toBe(404);
  });

  test('serves the process in the words of JobManager and TaskManager', async () => {
    expect((await call('GET', '/jobmanager/config')).body).toContainEqual({
      key: 'configuration.currency',
      value: 'EUR',
    });
    expect((await call('GET', '/jobmanager/environment')).body).toMatchObject({ jvm: { arch: 'x64' } });
    expect((await call('GET', '/jobmanager/logs')).body).toEqual({
      logs: [{ name: 'worker.log', size: 5, mtime: STARTED_AT_MS }],
    });
    expect((await call('GET', '/jobmanager/log')).text).toBe('lines');
    expect((await call('GET', '/taskmanagers/worker/logs/worker.log')).text).toBe('lines');
    expect((await call('GET', '/taskmanagers/worker/logs/other.log')).status).toBe(404);
    expect((await call('GET', '/taskmanagers/other/thread-dump')).status).toBe(404);
    expect((await call('GET', '/jobmanager/thread-dump')).body).toMatchObject({
      threadInfos: [{ threadName: 'coordinator' }, { threadName: 'slot 0' }, { threadName: 'slot 1' }],
    });
    expect((await call('GET', '/taskmanagers/worker')).body).toMatchObject({
      metrics: { heapUsed: 10, garbageCollectors: [{ name: 'V8' }] },
    });
    expect((await call('GET', '/taskmanagers/metrics?get=System.Memory.Resident&agg=max')).body).toEqual([
      { id: 'System.Memory.Resident', max: 50 },
    ]);
  });

  test('rescales to the bounds of the vertices, and names what is wrong with them', async () => {
    const path = `/jobs/${JOB_ID}/resource-requirements`;
    const bounds = (source: number, window: number): object => ({
      [SOURCE_ID]: { parallelism: { lowerBound: source, upperBound: source } },
      [WINDOW_ID]: { parallelism: { lowerBound: 1, upperBound: window } },
    });
    expect((await call('GET', path)).body).toMatchObject({
      [WINDOW_ID]: { parallelism: { lowerBound: 2, upperBound: 2 } },
    });
    expect(await call('PUT', path, bounds(1, 2))).toMatchObject({ status: 200, body: {} });
    expect(job.rescaled).toEqual([]);
    expect((await call('PUT', path, bounds(1, 4))).status).toBe(200);
    expect(job.rescaled).toEqual([4]);
    expect((await call('PUT', path, bounds(1, 8))).status).toBe(409);
    expect((await call('PUT', path, bounds(1, 129))).text).toContain('exceeds its maximum parallelism [128]');
    expect((await call('PUT', path, bounds(1, 0))).status).toBe(400);
    expect((await call('PUT', path, { [SOURCE_ID]: {} })).status).toBe(400);
    expect((await call('PUT', path, { ...bounds(1, 2), x: {} })).text).toContain(
      'Job vertex x was not found',
    );
    expect((await call('PATCH', `/jobs/${JOB_ID}/rescaling?parallelism=2`)).status).toBe(501);
  });

  test('filters faults by label and gives them to clients of Flink 1.20 as well', async () => {
    const path = `/jobs/${JOB_ID}/exceptions`;
    expect((await call('GET', `${path}?failureLabelFilter=operator:to-eur`)).body).toMatchObject({
      exceptionHistory: { entries: [{ exceptionName: 'RangeError' }] },
      'root-exception': expect.stringContaining('amount -1'),
      'all-exceptions': [{ task: 'payments -> to-eur (1)' }],
    });
    expect((await call('GET', `${path}?failureLabelFilter=operator:other`)).body).toMatchObject({
      exceptionHistory: { entries: [], truncated: false },
    });
    expect((await call('GET', `${path}?failureLabelFilter=x`)).status).toBe(400);
  });

  test('sums up subtasks, their times and their attempts', async () => {
    const path = `/jobs/${JOB_ID}/vertices/${WINDOW_ID}`;
    expect((await call('GET', path)).body).toMatchObject({
      aggregated: { metrics: { 'read-records': { min: 300, max: 400, avg: 350, sum: 700, median: 400 } } },
    });
    expect((await call('GET', `${path}/subtasktimes`)).body).toMatchObject({
      subtasks: [{ timestamps: { DEPLOYING: STARTED_AT_MS + 50, FAILED: 0 } }, {}],
    });
    expect((await call('GET', `${path}/subtasks/1/attempts/0`)).status).toBe(200);
    expect((await call('GET', `${path}/subtasks/1/attempts/3`)).status).toBe(404);
    expect((await call('GET', `${path}/subtasks/accumulators`)).body).toMatchObject({ parallelism: 2 });
    expect((await call('GET', `/jobs/${JOB_ID}/accumulators`)).body).toMatchObject({
      'job-accumulators': [],
    });
  });

  test('reads state by operator, name and key, and turns refusals into statuses', async () => {
    const path = `/jobs/${JOB_ID}/state`;
    expect((await call('GET', path)).body).toMatchObject({
      consistency: 'live',
      states: [{ operator: 'per-country', state: 'windows', entries: 9 }],
    });
    expect((await call('GET', `${path}/per-country/windows?key=A%26B&limit=5`)).body).toMatchObject({
      entries: [{ key: 'A&B', value: { payments: 7 } }],
      cursor: 'next',
    });
    expect(job.queries).toEqual([{ operator: 'per-country', state: 'windows', key: 'A&B', limit: 5 }]);
    expect((await call('GET', `${path}/nobody/windows`)).status).toBe(404);
    expect((await call('GET', `${path}/per-country/windows?limit=x`)).status).toBe(400);
    expect((await call('GET', `${path}/per-country/windows?kee=x`)).text).toContain('parameter \\"kee\\"');
    expect((await call('GET', `${path}/per-country/windows?consistency=committed`)).status).toBe(501);
  });

  test('refuses what it cannot do with a reason, and never with a 503', async () => {
    const refused = [
      ['DELETE', '/cluster'],
      ['POST', '/jars/upload'],
      ['GET', '/jars'],
      ['GET', `/jobs/${JOB_ID}/vertices/${WINDOW_ID}/flamegraph`],
    ] as const;
    for (const [method, path] of refused) {
      expect(await call(method, path)).toMatchObject({
        status: 501,
        body: { errors: [expect.stringMatching(/^Cannot /)] },
      });
    }
  });

  test("shows the restart strategy in Flink's words", async () => {
    expect((await call('GET', `/jobs/${JOB_ID}/config`)).body).toMatchObject({
      'execution-config': {
        'restart-strategy': 'Restart with fixed delay (500 ms). #3 restart attempts.',
      },
    });
    expect((await call('GET', '/headwater/dead-letters')).body).toEqual({ records: [] });
  });
});
