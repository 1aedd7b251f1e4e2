/** The one HTTP port of the local cloud: every AWS client with AWS_ENDPOINT_URL set to it finds its service here. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, isLoopbackHost, listenOnLoopback } from './loopback.ts';
import { refuseMalformed } from './services/malformed-request.ts';
import { AwsError, sendJson } from './services/service.ts';
import type { Service, ServiceRequest } from './services/service.ts';

const defaultBodyLimitBytes = 16 * 1024 * 1024;
// Longer than the idle time of any SDK connection pool, so that the server is never the one to hang up.
const keepAliveTimeoutMs = 120_000;

/** Options of `startEndpoint`. */
export interface EndpointOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Loopback only; anything else is refused. */
  readonly host?: '127.0.0.1' | '::1';
  readonly services: readonly Service[];
  /** Receives each error that is a fault of a service rather than of its caller. */
  readonly onError?: (error: unknown, request: { method: string; path: string; target: string }) => void;
}

/** A listening endpoint. */
export interface Endpoint {
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends the connections; the services stay open, their owner closes them. */
  close(): Promise<void>;
}

/**
 * Listens on loopback and hands each request to its service by X-Amz-Target, else by claim, else to the fallback.
 * Signatures are not verified: whoever reaches loopback is the user, and any region, key and secret will do.
 */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const host = options.host ?? '127.0.0.1';
  const route = router(options.services);
  const server = createServer((incoming, response) => {
    void answer({ incoming, response, route, onError: options.onError ?? logError });
  });
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.headersTimeout = keepAliveTimeoutMs + 1_000;
  // A large upload over a slow pipe is no attack on a loopback port.
  server.requestTimeout = 0;
  server.on('clientError', refuseMalformed);
  await listenOnLoopback(server, { host, port: options.port, flag: '--aws-port' });
  // A TCP server's address is an AddressInfo; the other forms belong to pipes.
  const { port } = server.address() as AddressInfo;
  const shownHost = host === '::1' ? '[::1]' : host;
  return { url: `http://${shownHost}:${port}`, port, close: () => closeServer(server) };
}

type Route = (request: ServiceRequest) => Service | undefined;

function router(services: readonly Service[]): Route {
  const byTarget = new Map(services.flatMap((service) => service.targets.map((target) => [target, service])));
  const claiming = services.filter((service) => service.claims !== undefined);
  const [fallback, second] = services.filter(
    (service) => service.targets.length === 0 && service.claims === undefined,
  );
  if (second !== undefined) {
    throw new Error(
      'Cannot start the endpoint: two services have neither targets nor claims; give one of them `claims`',
    );
  }
  return (request) => {
    const target = targetOf(request.headers['x-amz-target']);
    if (target !== '') return byTarget.get(target);
    const claimed = claiming.find((service) => service.claims?.(request));
    return claimed ?? (isSignedForAnother(request) ? undefined : fallback);
  };
}

/** Whether the caller signed for a service that is none of ours; without the question S3 would take it for a bucket. */
function isSignedForAnother({ headers }: ServiceRequest): boolean {
  const service = signedService(headers.authorization);
  return service !== undefined && !service.startsWith('s3');
}

/** The service in `Credential=key/date/region/service/aws4_request`. */
function signedService(authorization: string | undefined): string | undefined {
  return /Credential=[^,]*\/([\w-]+)\/aws4_request/.exec(authorization ?? '')?.[1];
}

function targetOf(header: string | string[] | undefined): string {
  return String(header ?? '').split('.', 1)[0] ?? '';
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly onError: NonNullable<EndpointOptions['onError']>;
}

async function answer({ incoming, response, route, onError }: Exchange): Promise<void> {
  // Without these listeners a client that hangs up in the middle of a body would end the whole process.
  incoming.on('error', () => {});
  response.on('error', () => {});
  const request = serviceRequest(incoming);
  try {
    if (!isLoopbackHost(incoming.headers.host, incoming.socket.localPort)) {
      throw new AwsError(403, 'AccessDeniedException', hostRefusal(incoming.headers.host));
    }
    const service = route(request);
    if (service === undefined) {
      const asked = request.headers['x-amz-target'] ?? signedService(request.headers.authorization);
      throw new AwsError(400, 'UnknownOperationException', `The local cloud has no service for "${asked}"`);
    }
    await service.handle(request, response);
  } catch (error) {
    // Nobody is there any more to be answered. A request that was read to its end is destroyed too, so ask its socket.
    if (incoming.socket.destroyed) return;
    if (!(error instanceof AwsError)) {
      const target = String(request.headers['x-amz-target'] ?? '');
      onError(error, { method: request.method, path: request.path, target });
    }
    sendError(response, error, incoming);
  }
}

function sendError(response: ServerResponse, error: unknown, incoming: IncomingMessage): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What is left of an unread body would be taken for the next request of the connection.
  if (!incoming.complete) response.setHeader('connection', 'close');
  const known = error instanceof AwsError ? error : undefined;
  const type = known?.type ?? 'InternalFailure';
  const message = error instanceof Error ? error.message : String(error);
  if (incoming.headers['x-amz-target'] === undefined) {
    const error = `<Error><Code>${type}</Code><Message>${escapeXml(message)}</Message></Error>`;
    // The query protocol puts its error one level deeper than S3 does.
    const isQuery = String(incoming.headers['content-type']).startsWith('application/x-www-form-urlencoded');
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${isQuery ? `<ErrorResponse>${error}</ErrorResponse>` : error}`;
    // Services of JSON over REST read the type from the header.
    response.writeHead(known?.status ?? 500, { 'content-type': 'application/xml', 'x-amzn-errortype': type });
    response.end(incoming.method === 'HEAD' ? undefined : xml);
    return;
  }
  const body = { ...known?.details, __type: type, message };
  sendJson(response, known?.status ?? 500, 'application/x-amz-json-1.1', body);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function serviceRequest(incoming: IncomingMessage): ServiceRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: incoming.headers,
    stream: incoming,
    body: (limitBytes = defaultBodyLimitBytes) => readBody(incoming, limitBytes),
  };
}

async function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // A refusal must still reach the client, so leaving the loop early must not destroy the connection.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    // The request has no encoding set, so its chunks are buffers.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > limitBytes) {
      throw new AwsError(
        413,
        'RequestEntityTooLargeException',
        `Cannot read the request: its body is larger than ${limitBytes} bytes`,
      );
    }
    chunks.push(bytes);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

function hostRefusal(host: string | undefined): string {
  return `Cannot serve host "${host ?? ''}": only loopback is served; use 127.0.0.1 as the endpoint address`;
}

function logError(error: unknown, request: { method: string; path: string; target: string }): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(
    JSON.stringify({ level: 'error', message: 'A local service failed', ...request, error: detail }),
  );
}
