/** What the fake platform holds at the beginning: every state that the console must be able to show. */
import { createHash } from 'node:crypto';
import { ulid } from '#contract/id.ts';
import type { ApplicationVersion, GraphDescription } from '#contract/resources/application-version.ts';
import type { ApiToken } from '#contract/resources/api-token.ts';
import type { Application } from '#contract/resources/application.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentState } from '#contract/resources/deployment-state.ts';
import type { Event } from '#contract/resources/event.ts';
import type { Job } from '#contract/resources/job.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { DeploymentSpec as SpecSchema } from '#contract/resources/deployment.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { allowedVerbs } from '#contract/verbs.ts';

export interface FakeState {
  readonly applications: Application[];
  readonly versions: ApplicationVersion[];
  readonly deployments: Deployment[];
  readonly jobs: Job[];
  readonly savepoints: Savepoint[];
  readonly operations: Operation[];
  readonly events: Event[];
  readonly tokens: Pick<ApiToken, 'id' | 'name' | 'role' | 'expiresAt'>[];
  readonly revisions: (SpecRevision & { readonly deployment: string })[];
  /** Records that each deployment has read: suspended deployments keep theirs. */
  readonly counts: Map<string, number>;
}

let sequence = 0;

export const newId = (at: number = Date.now()): string =>
  ulid(at, createHash('sha256').update(String(sequence++)).digest().subarray(0, 16));
export const newJobId = (): string =>
  createHash('sha256').update(`job ${sequence++}`).digest('hex').slice(0, 32);
export const iso = (at: number): string => new Date(at).toISOString();
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const operatorId = (name: string): string => sha(name).slice(0, 32);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function seed(): FakeState {
  const state: FakeState = {
    applications: [],
    versions: [],
    deployments: [],
    jobs: [],
    savepoints: [],
    operations: [],
    events: [],
    revisions: [],
    tokens: [],
    counts: new Map(),
  };
  const now = Date.now();
  addApplication(state, 'payments-dashboard', 'Payments around Europe, per country and minute.', 2);
  addApplication(state, 'sensor-averages', 'Hourly averages of every sensor.', 1);
  addDeployment(state, { name: 'payments-staging', version: 2, state: 'running', at: now - 47 * MINUTE });
  addDeployment(state, {
    name: 'payments-production',
    version: 1,
    state: 'running',
    at: now - 26 * HOUR,
    protected: true,
  });
  addDeployment(state, {
    name: 'sensors-production',
    application: 'sensor-averages',
    version: 1,
    state: 'suspended',
    at: now - 3 * HOUR,
  });
  addDeployment(state, {
    name: 'sensors-backfill',
    application: 'sensor-averages',
    version: 1,
    state: 'failed',
    at: now - 12 * MINUTE,
  });
  return state;
}

function addApplication(state: FakeState, name: string, description: string, versions: number): void {
  const at = Date.now() - 9 * 24 * HOUR;
  state.applications.push({
    name,
    namespace: 'default',
    description,
    labels: {},
    annotations: {},
    retention: { keepUnused: null },
    latestVersion: versions,
    createdAt: iso(at),
    modifiedAt: iso(at),
    revision: versions,
  });
  for (let version = versions; version >= 1; version--) {
    state.versions.push({
      application: name,
      namespace: 'default',
      version,
      sha256: sha(`${name} ${version}`),
      sizeBytes: 48_211 + version * 1200,
      graphHash: sha(`graph ${name}`),
      graph: name === 'payments-dashboard' ? paymentsGraph() : sensorsGraph(),
      configurationSchema: configurationSchema(name),
      kind: 'typescript',
      branch: 'main',
      dirty: false,
      labels: {},
      retiredAt: null,
      revision: 1,
      tag: version === versions ? 'release' : null,
      commit: sha(`commit ${name} ${version}`).slice(0, 40),
      author: 'Ada',
      createdAt: iso(at + version * 24 * HOUR),
      createdBy: 'user:admin',
    });
  }
}

interface Seeded {
  readonly name: string;
  readonly application?: string;
  readonly version: number;
  readonly state: DeploymentState;
  readonly at: number;
  readonly protected?: boolean;
}

function addDeployment(state: FakeState, seeded: Seeded): void {
  const { name, version, at, application = 'payments-dashboard' } = seeded;
  const failed = seeded.state === 'failed';
  const stated = {
    application,
    version,
    desiredState: seeded.state === 'suspended' ? ('suspended' as const) : ('running' as const),
    parallelism: 2,
    configuration: { stream: 'payments', table: `${name}-totals` },
    protected: seeded.protected ?? false,
  };
  const deployment: Deployment = {
    id: newId(at),
    name,
    namespace: 'default',
    labels: { team: application.split('-', 1)[0] ?? '', region: 'eu-west-1' },
    annotations: application === 'payments-dashboard' ? { 'link/Payments dashboard': '/dashboard/' } : {},
    spec: SpecSchema.parse({ ...stated, checkpointInterval: '15 seconds' }),
    stated,
    origins: {
      '/application': 'deployment',
      '/version': 'deployment',
      '/parallelism': 'deployment',
      '/configuration': 'deployment',
      '/checkpointInterval': 'namespace',
    },
    specRevision: 2,
    parent: null,
    expiresAt: null,
    deletion: null,
    status: {
      state: seeded.state,
      message: failed ? 'Operator "hourly" failed: value 3.2e400 of field "celsius" is not a number' : null,
      transitionedAt: iso(at),
      jobId: newJobId(),
      jobNumber: 2,
      operationId: null,
      queue: [],
      conditions: [],
      allowed: allowedVerbs(seeded.state),
    },
    createdAt: iso(at - 3 * 24 * HOUR),
    modifiedAt: iso(at),
    revision: 4,
  };
  state.deployments.push(deployment);
  state.counts.set(name, 4_103_220);
  addHistory(state, deployment, at);
}

/** What a savepoint has that nobody held, deleted or copied. */
export const unmarked = { specRevision: 1, copiedFrom: null, schedule: null, hold: null, deletion: null };

function addHistory(state: FakeState, deployment: Deployment, at: number): void {
  state.revisions.push(
    revision(deployment, 2, at, [{ pointer: '/parallelism', before: 1, after: 2 }]),
    revision(deployment, 1, at - 20 * HOUR, []),
  );
  const first = job(deployment, 1, at - 20 * HOUR, at - MINUTE);
  const savepoint: Savepoint = {
    id: newId(at - MINUTE),
    namespace: 'default',
    deployment: deployment.name,
    deploymentId: deployment.id,
    jobId: first.id,
    jobNumber: 1,
    version: deployment.spec.version,
    origin: 'user-request',
    state: 'completed',
    description: 'before the new currency table',
    location: `s3://headwater/savepoints/${deployment.id}/one`,
    sizeBytes: 1_418_220,
    createdAt: iso(at - MINUTE),
    createdBy: 'user:admin',
    completedAt: iso(at - MINUTE + 900),
    failure: null,
    ...unmarked,
  };
  const failedSavepoint: Savepoint = {
    ...savepoint,
    id: newId(at - 2 * HOUR),
    state: 'failed',
    origin: 'scheduled',
    description: '',
    sizeBytes: null,
    createdAt: iso(at - 2 * HOUR),
    createdBy: 'system:schedule',
    completedAt: null,
    failure: {
      reason: 'checkpoint-timeout',
      message:
        'Savepoint did not complete within 60 seconds: subtask 1 of "per-country" sent no acknowledgement',
      at: iso(at - 2 * HOUR + MINUTE),
    },
  };
  state.savepoints.push(savepoint, failedSavepoint);
  const second = job(deployment, 2, at, deployment.status.state === 'running' ? null : at + 5 * MINUTE);
  state.jobs.push(
    {
      ...second,
      id: deployment.status.jobId ?? second.id,
      restoredFrom: { kind: 'savepoint', savepointId: savepoint.id, location: savepoint.location },
    },
    first,
  );
  state.events.push(
    event(deployment, at + 1800, `Job #2 is running`, {
      before: 'transitioning',
      after: 'running',
      name: 'state-changed',
    }),
    event(deployment, at, `Job #2 began from savepoint ${savepoint.id.slice(-8)}`, { name: 'job-created' }),
    event(deployment, at - MINUTE, 'Savepoint completed: 1.4 MB in 0.9 s', { name: 'savepoint-completed' }),
    event(
      deployment,
      at - 2 * HOUR,
      'Savepoint failed: subtask 1 of "per-country" sent no acknowledgement within 60 seconds',
      {
        name: 'savepoint-failed',
        severity: 'error',
        actor: 'system:schedule',
      },
    ),
    event(deployment, at - 5 * HOUR, 'Task of job #1 was lost; attempt 2 began from checkpoint 311', {
      name: 'task-lost',
      severity: 'warning',
      actor: 'system:reconcile',
    }),
    event(deployment, at - 20 * HOUR, 'Deployment was created', { name: 'deployment-created' }),
  );
}

function revision(
  deployment: Deployment,
  number: number,
  at: number,
  changes: SpecRevision['changes'],
): FakeState['revisions'][number] {
  return {
    deployment: deployment.name,
    deploymentId: deployment.id,
    number,
    createdAt: iso(at),
    createdBy: 'user:admin',
    reason: number === 1 ? '' : 'twice the payments since Monday',
    stated: deployment.stated,
    changes,
    operationId: null,
  };
}

export function job(deployment: Deployment, number: number, startedAt: number, endedAt: number | null): Job {
  const failed = deployment.status.state === 'failed' && number === 2;
  const ended = failed ? 'failed' : 'terminated';
  return {
    id: newJobId(),
    number,
    namespace: 'default',
    deployment: deployment.name,
    deploymentId: deployment.id,
    state: endedAt === null ? 'running' : ended,
    spec: deployment.spec,
    applicationSha256: sha('application'),
    graphHash: sha('graph'),
    restoredFrom: { kind: 'none' },
    specRevision: number,
    startAt: null,
    attempts: [
      {
        number: 1,
        epoch: number,
        taskArn: null,
        startedAt: iso(startedAt),
        endedAt: endedAt === null ? null : iso(endedAt),
        reason: endedAt === null ? null : ended,
      },
    ],
    createdAt: iso(startedAt),
    startedAt: iso(startedAt),
    endedAt: endedAt === null ? null : iso(endedAt),
    failure: failed
      ? {
          message: 'Operator "hourly" failed: value 3.2e400 of field "celsius" is not a number',
          reason: 'user-code',
          operator: 'hourly',
          at: iso(endedAt ?? startedAt),
          stack:
            'RangeError: 3.2e400 is not a number\n    at average (application.ts:41:13)\n    at hourly (application.ts:58:7)',
        }
      : null,
    recordsIn: 4_103_220,
    recordsOut: 18_440,
    revision: 1,
  };
}

export function event(deployment: Deployment, at: number, message: string, more: Partial<Event>): Event {
  return {
    id: newId(at),
    at: iso(at),
    namespace: 'default',
    deployment: deployment.name,
    deploymentId: deployment.id,
    name: 'state-changed',
    severity: 'info',
    message,
    actor: 'user:admin',
    operationId: null,
    jobId: null,
    before: null,
    after: null,
    ...more,
  };
}

function configurationSchema(application: string): Record<string, unknown> {
  const source = { type: 'string', description: 'Name of the stream that is read.' };
  const table = { type: 'string', description: 'Name of the table that is written.' };
  return application === 'payments-dashboard'
    ? { type: 'object', properties: { stream: source, table }, required: ['stream', 'table'] }
    : { type: 'object', properties: {} };
}

function paymentsGraph(): GraphDescription {
  const forward = (from: string) => [{ from, output: 'main', exchange: 'forward' as const }];
  const hash = (from: string) => [{ from, output: 'main', exchange: 'hash' as const }];
  const late = [{ from: 'per-country', output: 'late', exchange: 'rebalance' as const }];
  const state = [{ name: 'totals', kind: 'aggregate', schema: '{ payments: bigint, volume: double }' }];
  const window = (size: string, key: string) => ({ window: `tumbling ${size}`, lateness: '2 minutes', key });
  const table = { connector: 'dynamodb', guarantee: 'idempotent upsert' };
  const source = { connector: 'kinesis', stream: '{stream}', watermark: '5 seconds', idle: '30 seconds' };
  return {
    nodes: [
      node('payments', 'source', [], source),
      node('to-eur', 'map', forward('payments'), {}),
      node('settled', 'filter', forward('to-eur'), {}),
      { ...node('per-country', 'window', hash('settled'), window('1 minute', 'country')), state },
      node('country-totals', 'sink', forward('per-country'), table),
      { ...node('per-source', 'window', hash('settled'), window('10 seconds', 'source')), state },
      node('source-rates', 'sink', forward('per-source'), table),
      node('late-payments', 'sink', late, { connector: 'kinesis', guarantee: 'at least once' }),
    ],
  };
}

function sensorsGraph(): GraphDescription {
  const hash = [{ from: 'sensors', output: 'main', exchange: 'hash' as const }];
  const forward = [{ from: 'hourly', output: 'main', exchange: 'forward' as const }];
  return {
    nodes: [
      node('sensors', 'source', [], { connector: 'kinesis', stream: 'sensors' }),
      node('hourly', 'window', hash, { window: 'tumbling 1 hour' }),
      node('averages', 'sink', forward, { connector: 's3' }),
    ],
  };
}

type GraphNode = GraphDescription['nodes'][number];

function node(
  name: string,
  kind: string,
  inputs: GraphNode['inputs'],
  description: Record<string, string>,
): GraphNode {
  return { id: operatorId(name), name, kind, inputs, state: [], description };
}
