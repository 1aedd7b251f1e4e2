/** The HTTP server of one job: Flink's REST API as far as it makes sense here, and a few paths of our own. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bearerCheck } from './bearer-token.ts';
import { DisposalLog } from './disposal-log.ts';
import { RefusedTriggers } from './refused-triggers.ts';
import { readJsonBody } from './request-body.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import { findRoute, withoutVersion } from './router.ts';
import type { RestReply, RestRequest } from './router.ts';
import { routes } from './routes.ts';

/** Options of `startRestServer`. */
export interface RestServerOptions extends Omit<RestContext, 'disposals' | 'refused'> {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Asked of every request but `/health`; without one the API is open to whoever reaches the port. */
  readonly token?: string;
  /** Takes secrets out of every answer. */
  readonly mask?: (text: string) => string;
}

/** A listening REST API. */
export interface RestServer {
  readonly port: number;
  /** Stops listening; requests under way may finish. */
  close(): Promise<void>;
}

/** Starts to serve the API of one job. */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const context: RestContext = {
    ...options,
    disposals: new DisposalLog(options.storage, options.bucket),
    refused: new RefusedTriggers(),
  };
  const allowed = bearerCheck(options.token);
  const server = createServer((request, response) => {
    // A client that hangs up in the middle must not end the process.
    request.on('error', () => {});
    response.on('error', () => {});
    void respond(response, request, () => answer(request, context, allowed), options);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await listen(server, options);
  // A TCP server's address is an AddressInfo; the other forms belong to pipes.
  const { port } = server.address() as AddressInfo;
  return { port, close: () => close(server) };
}

async function answer(
  incoming: IncomingMessage,
  context: RestContext,
  allowed: (header: string | undefined) => boolean,
): Promise<RestReply> {
  const url = new URL(incoming.url ?? '/', 'http://worker');
  const method = incoming.method ?? 'GET';
  if (withoutVersion(url.pathname) !== '/health' && !allowed(incoming.headers.authorization)) {
    throw new RestError(401, 'Cannot serve the request: it has no valid bearer token of this job');
  }
  const { route, parameters } = findRoute(routes, method, url.pathname);
  const body = await readJsonBody(incoming);
  const request: RestRequest = {
    method,
    path: withoutVersion(url.pathname),
    parameters,
    query: url.searchParams,
    body,
  };
  return route.handle(context, request);
}

async function respond(
  response: ServerResponse,
  request: IncomingMessage,
  work: () => Promise<RestReply>,
  { onError, mask = (text) => text }: Pick<RestServerOptions, 'onError' | 'mask'>,
): Promise<void> {
  try {
    const reply = await work();
    const text = mask(reply.text ?? JSON.stringify(reply.json ?? {}));
    send(response, request, { status: reply.status ?? 200, text, contentType: reply.contentType });
  } catch (error) {
    const known = error instanceof RestError ? error : undefined;
    if (known === undefined) {
      onError(error, { method: request.method ?? '', path: request.url ?? '' });
    }
    const message = known?.message ?? 'Internal server error.';
    send(response, request, {
      status: known?.status ?? 500,
      text: mask(JSON.stringify({ errors: [message] })),
    });
  }
}

function send(
  response: ServerResponse,
  request: IncomingMessage,
  reply: { readonly status: number; readonly text: string; readonly contentType?: string | undefined },
): void {
  const bytes = Buffer.from(reply.text);
  // What is left of an unread body would be taken for the next request of the connection.
  const unread = request.complete ? {} : { connection: 'close' };
  response.writeHead(reply.status, {
    'content-type': reply.contentType ?? 'application/json; charset=UTF-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    ...unread,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function listen(server: Server, options: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `Cannot serve the REST API on ${options.host}:${options.port}: ${cause.message}`;
      reject(new Error(message, { cause }));
    });
    server.listen(options.port, options.host, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
