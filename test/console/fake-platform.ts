/**
 * A small platform that serves the built console and a stateful fake of the contract's routes.
 *
 * It knows the routes from the contract's own table, so a route that moves there moves here. Run it by hand with
 * `node test/console/fake-platform.ts 8099` to work on the console without the real platform.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { routes, operationIds, type OperationId } from '#contract/api/routes.ts';
import { API_PREFIX } from '#contract/names.ts';
import { Problem } from '#contract/problems.ts';
import { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Operation } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Verb } from '#contract/verbs.ts';
import { fakeMetrics } from './fake-metrics.ts';
import { advance, begin, fork, plan, type VerbRequest } from './fake-operations.ts';
import { iso, newId, seed, type FakeState } from './fake-seed.ts';

export interface FakePlatform {
  readonly url: string;
  readonly state: FakeState;
  close(): Promise<void>;
}

interface FakeOptions {
  readonly port?: number;
  /** How long each step of an operation takes. */
  readonly stepMs?: number;
  readonly state?: FakeState;
  /** Where the built console lies. */
  readonly directory?: string;
}

interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: VerbRequest['body'];
  readonly ifMatch?: string | undefined;
}

type Handler = (state: FakeState, call: Call, stepMs: number) => unknown;

/** As strict as the policy under which the real platform serves the page. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

const CONSOLE = resolve(import.meta.dirname, '../../build/console');

export async function startFakePlatform(options: FakeOptions = {}): Promise<FakePlatform> {
  const state = options.state ?? seed();
  const server = createServer((request, response) => {
    answer(state, { directory: CONSOLE, stepMs: 150, ...options }, request)
      .then((reply) => send(request, response, reply))
      .catch((error: unknown) => {
        const problem =
          error instanceof Problem
            ? error
            : new Problem('internal', 'The fake platform broke', { cause: error });
        send(request, response, {
          status: problem.status,
          type: 'application/problem+json',
          body: JSON.stringify(problem.toBody()),
        });
      });
  });
  await new Promise<void>((ready) => server.listen(options.port ?? 0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo; // A TCP server's address is never a pipe's name.
  return { url: `http://127.0.0.1:${port}`, state, close: () => close(server) };
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

async function answer(
  state: FakeState,
  { directory, stepMs }: Required<Pick<FakeOptions, 'directory' | 'stepMs'>>,
  request: IncomingMessage,
): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (!url.pathname.startsWith(API_PREFIX)) return file(directory, url.pathname);
  const path = url.pathname.slice(API_PREFIX.length);
  for (const id of operationIds) {
    const params = request.method === routes[id].method ? match(routes[id].path, path) : undefined;
    const handler = handlers[id];
    if (params === undefined || handler === undefined) continue;
    const text = await bodyText(request);
    const body: VerbRequest['body'] = text === '' ? {} : JSON.parse(text);
    const call = { params, query: url.searchParams, body, ifMatch: request.headers['if-match'] };
    const result = handler(state, call, stepMs);
    return { status: routes[id].success.status, type: 'application/json', body: JSON.stringify(result) };
  }
  throw new Problem('not-found', `Cannot find ${path}: the fake platform has no such route`);
}

const handlers: Partial<Record<OperationId, Handler>> = {
  getHealth: () => ({ status: 'ok', version: 'fake', time: iso(Date.now()) }),
  listApplications: (state, call) => page(state.applications, call),
  getApplication: (state, { params }) =>
    found(
      state.applications.find((application) => application.name === params['application']),
      'application',
      params['application'],
    ),
  listApplicationVersions: (state, call) =>
    page(
      state.versions.filter((version) => version.application === call.params['application']),
      call,
    ),
  getApplicationVersion: (state, { params }) =>
    found(
      state.versions.find(
        (version) =>
          version.application === params['application'] && version.version === Number(params['version']),
      ),
      'version',
      params['version'],
    ),
  listDeployments: (state, call) => {
    const application = call.query.get('application');
    return page(
      state.deployments.filter(({ spec }) => application === null || spec.application === application),
      call,
    );
  },
  getDeployment: deploymentOf,
  startDeployment: verb('start'),
  suspendDeployment: verb('suspend'),
  drainDeployment: verb('drain'),
  cancelDeployment: verb('cancel'),
  createSavepoint: verb('savepoint'),
  upgradeDeployment: verb('upgrade'),
  rollbackDeployment: verb('rollback'),
  restartDeployment: verb('restart'),
  resetDeployment: verb('reset'),
  rescaleDeployment: verb('rescale'),
  migrateDeployment: verb('migrate'),
  deleteDeployment: verb('delete'),
  forkDeployment: (state, call, stepMs) => {
    const request = { verb: 'fork' as const, body: call.body };
    const parent = deploymentOf(state, call);
    if (call.query.get('dryRun') === 'true') return plan(state, parent, request);
    return carryOut(state, fork(state, parent, request), request, stepMs);
  },
  promoteDeployment: (state, call, stepMs) => {
    const { version } = deploymentOf(state, call).spec;
    const promoted = { ...call, params: { deployment: String(call.body.to) }, body: { version } };
    return verb('upgrade')(state, promoted, stepMs);
  },
  undeleteDeployment: (state, call) => Object.assign(deploymentOf(state, call), { deletion: null }),
  listSavepoints: (state, call) =>
    page(
      ofDeployment(state.savepoints, call).filter(
        ({ origin, deletion }) =>
          (deletion !== null) === (call.query.get('deleted') === 'true') && asks(call, 'origin', origin),
      ),
      call,
    ),
  holdSavepoint: (state, call) =>
    Object.assign(savepointOf(state, call), {
      hold: { reason: call.body.reason, by: 'user:admin', at: iso(Date.now()) },
    }),
  releaseSavepoint: (state, call) => Object.assign(savepointOf(state, call), { hold: null }),
  undeleteSavepoint: (state, call) => Object.assign(savepointOf(state, call), { deletion: null }),
  cancelOperation: (state, { params }) => {
    const id = params['operation'];
    const operation = found(
      state.operations.find((one) => one.id === id),
      'operation',
      id,
    );
    return Object.assign(operation, { state: 'cancelled', endedAt: iso(Date.now()) });
  },
  updateDeployment: (state, call) => {
    const deployment = deploymentOf(state, call);
    if (call.ifMatch !== `"${deployment.revision}"`)
      throw new Problem('revision-changed', `Cannot change deployment "${deployment.name}": it was changed`);
    return Object.assign(deployment, {
      stated: { ...deployment.stated, ...call.body.spec },
      revision: deployment.revision + 1,
    });
  },
  listRoleBindings: (_state, call) =>
    page([{ id: 'b', member: 'group:payments', role: 'operator', deployment: null, ...made() }], call),
  listRoles: () => ({ items: [{ name: 'operator' }, { name: 'viewer' }] }),
  listTokens: (state, call) => page(state.tokens, call),
  createToken: (state, { body }) => {
    const token = {
      id: newId(),
      name: body.name ?? '',
      role: 'operator',
      permissions: [],
      ...made(),
      ...unused,
    };
    state.tokens.unshift(token);
    return { token, secret: 'hw_secret-of-the-token' };
  },
  listNamespaceAudit: (_state, call) => page([auditRecord], call),
  createDeployment: (state, { body }) => {
    const [first] = state.deployments;
    const { name = '', spec } = body;
    const created = { ...structuredClone(found(first, 'deployment', name)), id: newId(), name };
    Object.assign(created.spec, spec);
    state.deployments.push(created);
    return created;
  },
  listRevisions: (state, call) => page(ofDeployment(state.revisions, call), call),
  compareRevisions: (_state, { params, query }) => ({
    from: Number(params['revision']),
    to: Number(query.get('with')),
    changes: [{ pointer: '/parallelism', before: 1, after: 2 }],
  }),
  revertDeployment: (state, call) => Object.assign(deploymentOf(state, call), { specRevision: 3 }),
  listTargets: (_state, call) => page([target('default'), target('frankfurt')], call),
  getTarget: (_state, { params }) => target(params['target'] ?? ''),
  listNamespaces: (_state, call) => page([{ name: 'default', description: '' }], call),
  listJobs: (state, call) => page(ofDeployment(state.jobs, call), call),
  getJob: (state, call) =>
    found(
      ofDeployment(state.jobs, call).find((job) => job.number === Number(call.params['job'])),
      'job',
      call.params['job'],
    ),
  listEvents: (state, call) =>
    page(
      ofDeployment(state.events, call).filter(({ severity }) => asks(call, 'severity', severity)),
      call,
    ),
  listOperations: (state, call) => page(ofDeployment(state.operations, call), call),
  getOperation: (state, { params }) =>
    found(
      state.operations.find((operation) => operation.id === params['operation']),
      'operation',
      params['operation'],
    ),
  getDeploymentMetrics: (state, call) => {
    const deployment = deploymentOf(state, call);
    const version = state.versions.find(
      ({ application, version }) =>
        application === deployment.spec.application && version === deployment.spec.version,
    );
    return fakeMetrics(deployment, version?.graph ?? { nodes: [] }, countOf(state, deployment));
  },
  deleteSavepoint: (state, call) => {
    const at = Date.now();
    const deletion = { at: iso(at), by: 'user:admin', purgeAt: iso(at + 7 * 86_400_000) };
    return Object.assign(savepointOf(state, call), { deletion });
  },
  listFaults: () => ({
    faults: [],
    first: null,
    groups: [
      {
        fingerprint: 'f',
        name: 'TypeError',
        message: 'no rate for "XYZ"',
        operator: 'to-eur',
        count: 3,
        firstAt: iso(Date.now() - 90_000),
        lastAt: iso(Date.now() - 30_000),
      },
    ],
  }),
  listDeadLetters: () => ({
    items: [
      {
        id: 'shardId-000000000001-42',
        status: 'set-aside',
        setAsideAt: iso(Date.now() - 30_000),
        fault: {
          message: 'no rate for "XYZ"',
          reason: 'TypeError',
          at: iso(Date.now() - 30_000),
          operator: 'to-eur',
          record: '{"id":"p-1","currency":"XYZ"}',
        },
      },
    ],
  }),
  listUndecodableRecords: () => ({
    items: [3, 2, 1].map((number) => ({
      split: 'shardId-000000000001',
      position: `4961${number}20393`,
      reason: 'field "amount" is text, not a number',
      preview: `{"id":"p-${number}","country":"DE","amount":"12,50"}`,
      at: iso(Date.now() - number * 61_000),
    })),
  }),
};

function verb(name: Verb): Handler {
  return (state, call, stepMs) => {
    const deployment = deploymentOf(state, call);
    const request = { verb: name, body: call.body };
    if (call.query.get('dryRun') === 'true') return plan(state, deployment, request);
    return carryOut(state, deployment, request, stepMs);
  };
}

function carryOut(state: FakeState, deployment: Deployment, request: VerbRequest, stepMs: number): Operation {
  const operation = begin(state, deployment, request);
  const step = (): void => {
    if (advance(state, operation, request)) setTimeout(step, stepMs).unref();
  };
  step();
  return operation;
}

/** Whether the query wants this value, or has no wish. */
function asks({ query }: Call, name: string, value: string): boolean {
  const wanted = query.get(name);
  return wanted === null || wanted === value;
}

function savepointOf(state: FakeState, { params }: Call): Savepoint {
  const id = params['savepoint'];
  return found(
    state.savepoints.find((one) => one.id === id),
    'savepoint',
    id,
  );
}

const made = () => ({ namespace: 'default', createdAt: iso(Date.now()), createdBy: 'user:admin' });

const unused = {
  deployment: null,
  expiresAt: iso(Date.now() + 90 * 86_400_000),
  revokedAt: null,
  lastUsedAt: null,
};

const auditRecord = {
  id: newId(),
  at: iso(Date.now()),
  actor: 'user:admin',
  operation: 'suspendDeployment',
  resource: 'deployments/payments-production',
  status: 409,
  problem: 'verb-not-allowed',
  operationId: null,
};

function target(name: string): DeploymentTarget {
  const at = iso(Date.now() - 86_400_000);
  return DeploymentTarget.parse({ name, createdAt: at, modifiedAt: at, revision: 1 });
}

function deploymentOf(state: FakeState, { params }: Call): Deployment {
  return found(
    state.deployments.find((deployment) => deployment.name === params['deployment']),
    'deployment',
    params['deployment'],
  );
}

function ofDeployment<T extends { readonly deployment: string }>(items: readonly T[], { params }: Call): T[] {
  return items.filter((item) => item.deployment === params['deployment']);
}

/** Counts go on while a job runs, and stand still while none does. */
function countOf(state: FakeState, deployment: Deployment): number {
  const count =
    (state.counts.get(deployment.name) ?? 0) + (deployment.status.state === 'running' ? 96_400 : 0);
  state.counts.set(deployment.name, count);
  return count;
}

function found<T>(item: T | undefined, noun: string, name: string | undefined): T {
  if (item === undefined)
    throw new Problem('not-found', `Cannot find ${noun} "${name ?? ''}": it does not exist`);
  return item;
}

function page<T>(
  items: readonly T[],
  { query }: Call,
): { readonly items: T[]; readonly next: string | null } {
  const start = Number(query.get('cursor') ?? 0);
  const end = start + Number(query.get('limit') ?? 50);
  return { items: items.slice(start, end), next: end < items.length ? String(end) : null };
}

function match(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const pattern = template.replaceAll(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) =>
    greedy === '' ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
  );
  const groups = new RegExp(`^${pattern}$`).exec(path);
  return groups === null ? undefined : { ...groups.groups };
}

async function bodyText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A file of the build; every other path is a page of the console. */
async function file(directory: string, path: string): Promise<Reply> {
  if (path === '/dashboard/') return { status: 200, type: 'text/html', body: '<title>Payments</title>' };
  const name = extname(path) === '' ? 'index.html' : path;
  const body = await readFile(join(directory, name)).catch((error: unknown) => {
    throw new Problem('not-found', `Cannot find ${name}: run "npm run build" first`, { cause: error });
  });
  return { status: 200, type: types[extname(name)] ?? 'application/octet-stream', body };
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Reply): void {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  const unchanged = status === 200 && request.headers['if-none-match'] === etag;
  const headers = {
    'content-type': type,
    etag,
    'cache-control': 'no-cache',
    'content-security-policy': POLICY,
  };
  response.writeHead(unchanged ? 304 : status, headers);
  response.end(unchanged ? undefined : body);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await startFakePlatform({ port: Number(process.argv[2] ?? 0), stepMs: 900 });
  process.stdout.write(`The fake platform is ready at ${url}\n`);
}
