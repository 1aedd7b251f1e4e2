import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ConnectorHost } from '../connector.ts';

/** What every AWS client of this thread is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  /** Connectors retry by themselves, with the clock and the randomness of the job. */
  readonly maxAttempts: 1;
  readonly requestHandler: NodeHttpHandler;
}

const CONNECTION_TIMEOUT_MS = 5000;
// Above the slowest honest answer: a GetRecords of 10 MB over a slow link.
const REQUEST_TIMEOUT_MS = 30_000;
const SOCKETS_MAX = 64;

let handler: Promise<NodeHttpHandler> | undefined;

/**
 * Settings of a client for `service`, as in `AWS_ENDPOINT_URL_KINESIS`.
 *
 * All clients of a thread share one pool of HTTP/1.1 connections. The SDK's own default for Kinesis is HTTP/2, whose
 * sessions break under load on both ends (NGHTTP2_ENHANCE_YOUR_CALM).
 */
async function clientSettings(host: ConnectorHost, service: string): Promise<ClientSettings> {
  const { environment } = host;
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  if (region === undefined) {
    throw new Error(`Cannot open a client of ${service}: set AWS_REGION in the environment of the job`);
  }
  handler ??= openHandler();
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment['AWS_ENDPOINT_URL'];
  return {
    region,
    maxAttempts: 1,
    requestHandler: await handler,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

async function openHandler(): Promise<NodeHttpHandler> {
  const [smithy, { Agent }, { Agent: TlsAgent }] = await Promise.all([
    import('@smithy/node-http-handler'),
    import('node:http'),
    import('node:https'),
  ]);
  const sockets = { keepAlive: true, maxSockets: SOCKETS_MAX };
  return new smithy.NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Without it the client only warns, and waits for ever.
    throwOnRequestTimeout: true,
    socketTimeout: REQUEST_TIMEOUT_MS,
    httpAgent: new Agent(sockets),
    httpsAgent: new TlsAgent(sockets),
  });
}

const clients = new Map<string, Promise<unknown>>();

/** The one client of a service in this thread, made on first use. It lives as long as the thread does. */
export function sharedClient<C>(
  host: ConnectorHost,
  service: string,
  make: (settings: ClientSettings) => Promise<C>,
): Promise<C> {
  const { environment } = host;
  const id = [service, environment['AWS_REGION'], environment['AWS_ENDPOINT_URL']].join(' ');
  let client = clients.get(id);
  if (client === undefined) {
    client = clientSettings(host, service).then(make);
    clients.set(id, client);
    // A client that could not be made is tried again by the next who asks.
    client.catch(() => clients.delete(id));
  }
  return client as Promise<C>; // every service has one kind of client
}
