/**
 * A stand-in for the worker: it serves the few routes that the control plane asks for, and misbehaves as its
 * configuration says. Run by node as the container of a task.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const environment = (name: string): string => process.env[`HEADWATER_${name}`] ?? '';
const jobId = environment('JOB_ID');
const attempt = Number(environment('ATTEMPT'));
const bucket = environment('BUCKET');
const prefix = environment('PREFIX');
const configuration = JSON.parse(environment('CONFIGURATION')) as {
  readonly exitOnAttempt?: number;
  readonly exitCode?: number;
  readonly failsWith?: string;
  /** Fails with this where it is to begin from a savepoint. */
  readonly failsOnRestore?: string;
  readonly savepointFailures?: number;
  /** What becomes of it when it waits for another job to end. */
  readonly standby?: 'dies' | 'refuses' | 'dies-at-begin';
  /** Savepoints are written, and said to have failed. */
  readonly deniesSavepoints?: boolean;
};

const s3 = new S3Client({});
const put = (key: string, value: unknown, condition: { IfMatch?: string } = {}): Promise<unknown> =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(value), ...condition }));

if (configuration.exitOnAttempt === attempt) process.exit(configuration.exitCode ?? 1);
const isStandby = environment('STANDBY') === '1';
let state = 'INITIALIZING';
let failures = 0;
/** Of a standby, once it has begun. */
let begunWith: number | undefined;

/** As much of a manifest as the control plane reads. */
const manifestOf = (checkpointId: number, savepoint: boolean): object => ({
  version: 2,
  application: environment('JOB_NAME'),
  jobId,
  checkpointId,
  savepoint,
  parallelism: 1,
  maxParallelism: 128,
  operators: savepoint
    ? [{ id: 'a'.repeat(32), name: 'payments', kind: 'source', state: [], chunks: [{ key: 'x', bytes: 5 }] }]
    : [],
  splits: [],
});

/** Of the secrets that it was given, so that a test can tell them without their being anywhere. */
async function secretHashes(): Promise<Record<string, string>> {
  if (environment('SECRETS_URL') === '') return {};
  const answer = await fetch(environment('SECRETS_URL'));
  const secrets = (await answer.json()) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name, createHash('sha256').update(value).digest('hex')]),
  );
}

/** Runs from here on, as far as it may. */
async function begin(epoch: number, restore: { readonly kind: string }): Promise<void> {
  const failsWith =
    configuration.failsWith ?? (restore.kind === 'manifest' ? configuration.failsOnRestore : undefined);
  if (failsWith !== undefined) {
    await put(`${prefix}/jobs/${jobId}/end.json`, {
      state: 'FAILED',
      failure: { name: 'TypeError', message: failsWith, operator: 'to-eur' },
      recordsIn: 3,
      recordsOut: 0,
    });
    process.exit(1);
  }
  // The first commit: it proves that the worker holds the epoch which the control plane claimed for it.
  const head = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${prefix}/head.json` }));
  const current = JSON.parse((await head.Body?.transformToString()) ?? '{}') as { epoch: number };
  if (current.epoch !== epoch) process.exit(86);
  const manifest = `${prefix}/jobs/${jobId}/chk-${attempt}.json`;
  await put(manifest, { ...manifestOf(attempt, false), secrets: await secretHashes() });
  await put(
    `${prefix}/head.json`,
    { epoch: current.epoch, jobId, checkpoint: { id: attempt, manifest } },
    head.ETag === undefined ? {} : { IfMatch: head.ETag },
  );
  state = 'RUNNING';
}

if (isStandby && configuration.standby === 'dies') process.exit(1);
if (!isStandby)
  await begin(Number(environment('EPOCH')), JSON.parse(environment('RESTORE')) as { kind: string });

failures = configuration.savepointFailures ?? 0;
const triggers = new Map<string, object>();

async function takeSavepoint(directory: string, triggerId: string, stop: boolean): Promise<void> {
  if (triggers.has(triggerId)) return;
  if (failures > 0) {
    failures -= 1;
    triggers.set(triggerId, { 'failure-cause': { class: 'Error', 'stack-trace': 'disk on fire\n at x' } });
    return;
  }
  const key = `${directory.replace(`s3://${bucket}/`, '')}/savepoint-${triggerId.slice(0, 6)}`;
  await put(`${key}/chunks/0`, 'state');
  await put(`${key}/manifest.json`, manifestOf(2, true));
  if (configuration.deniesSavepoints === true) {
    triggers.set(triggerId, { 'failure-cause': { class: 'Error', 'stack-trace': 'the answer was lost' } });
    return;
  }
  triggers.set(triggerId, { location: `s3://${bucket}/${key}` });
  if (stop) state = 'FINISHED';
}

let parallelism = Number(environment('PARALLELISM'));
const fault = {
  atMs: 1000,
  name: 'TypeError',
  message: 'no rate for XYZ',
  operator: 'to-eur',
  record: 'XYZ',
};
const letters = [{ id: 'letter-1', status: 'set-aside', setAsideAtMs: 2000, jobId, fault }];

let preloaded: string | undefined;

function standbyView(): object {
  return {
    state: begunWith === undefined ? 'warm' : 'begun',
    ...(preloaded === undefined ? {} : { preload: { location: preloaded, state: 'read', durationMs: 1 } }),
  };
}

/** Once, with one epoch; told another one, or as the configuration says, it refuses. */
async function beginStandby(body: {
  readonly epoch: number;
  readonly restore: { kind: string };
}): Promise<[number, unknown]> {
  if (configuration.standby === 'dies-at-begin') process.exit(1);
  if (configuration.standby === 'refuses' || (begunWith !== undefined && begunWith !== body.epoch))
    return [409, { errors: ['it has ended'] }];
  if (begunWith === undefined) {
    begunWith = body.epoch;
    await begin(body.epoch, body.restore);
  }
  return [200, standbyView()];
}

/** What only our engine has, and rescaling. */
function own(method: string, path: string, body: unknown): [number, unknown] | undefined {
  switch (`${method} ${path.replace(jobId, 'job')}`) {
    case 'GET /jobs/job/resource-requirements':
      return [200, { [vertex.id]: { parallelism: { lowerBound: parallelism, upperBound: parallelism } } }];
    case 'PUT /jobs/job/resource-requirements': {
      const asked = body as Record<string, { parallelism: { upperBound: number } }>;
      const wanted = asked[vertex.id]?.parallelism.upperBound ?? 0;
      if (wanted > 8) return [409, { errors: ['it has too few key groups'] }];
      parallelism = wanted;
      return [200, {}];
    }
    case 'GET /headwater/standby':
      return isStandby ? [200, standbyView()] : [409, { errors: ['it is no standby'] }];
    case 'PUT /headwater/preload':
      preloaded = (body as { location: string }).location;
      return [202, standbyView()];
    case 'GET /headwater/faults': {
      const group = { fingerprint: 'f', name: 'TypeError', message: 'no rate', count: 2 };
      return [
        200,
        { faults: [fault], firstFault: fault, faultGroups: [{ ...group, firstAtMs: 1000, lastAtMs: 2000 }] },
      ];
    }
    case 'GET /headwater/dead-letters':
      return [200, { records: letters }];
    case 'POST /headwater/dead-letters/replay': {
      const { ids } = body as { ids: string[] };
      const unknown = ids.find((id) => letters.every((letter) => letter.id !== id));
      if (unknown !== undefined) return [409, { errors: [`record "${unknown}" is not set aside`] }];
      letters.length = 0;
      return [200, { replayed: ids }];
    }
    default:
      return undefined;
  }
}

const vertex = {
  id: 'a'.repeat(32),
  name: 'payments',
  parallelism: 1,
  metrics: { 'read-records': 7, 'write-records': 7 },
};

async function answer(
  method: string,
  path: string,
  body: Record<string, string>,
): Promise<[number, unknown]> {
  const known = own(method, path, body);
  if (known !== undefined) return known;
  const job = `/jobs/${jobId}`;
  if (method === 'PATCH') {
    state = 'CANCELED';
    return [202, {}];
  }
  if (path === '/headwater/begin') return beginStandby(body as never);
  if (method === 'POST') {
    const stop = path === `${job}/stop`;
    const directory = body[stop ? 'targetDirectory' : 'target-directory'] ?? '';
    await takeSavepoint(directory, body['triggerId'] ?? '', stop);
    return [202, { 'request-id': body['triggerId'] }];
  }
  if (path === '/jobs/overview')
    return [200, { jobs: [{ jid: jobId, name: environment('JOB_NAME'), state }] }];
  if (path === job) {
    const plan = { nodes: [{ id: vertex.id, inputs: [] }] };
    return [200, { jid: jobId, name: 'x', state, vertices: [{ ...vertex, status: state }], plan }];
  }
  if (path.startsWith(`${job}/vertices/`)) {
    return [
      200,
      [
        { id: 'numRecordsInPerSecond', sum: 12.5 },
        { id: 'currentOutputWatermark', min: 1000 },
      ],
    ];
  }
  const trigger = triggers.get(path.split('/').at(-1) ?? '');
  if (trigger === undefined) return [404, { errors: ['Not found'] }];
  return [200, { status: { id: 'COMPLETED' }, operation: trigger }];
}

process.once('SIGTERM', () => process.exit(143));
createServer((request, response) => {
  void (async () => {
    if (request.headers.authorization !== `Bearer ${environment('REST_TOKEN')}`) {
      response.writeHead(401).end();
      return;
    }
    const text = (await request.toArray()).join('');
    const path = (request.url ?? '').split('?')[0] ?? '';
    const [status, json] = await answer(request.method ?? '', path, text === '' ? {} : JSON.parse(text));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  })();
}).listen(Number(environment('REST_PORT')), '127.0.0.1');
