/** The web port: what a browser sees of the local cloud. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuseMalformed } from '../malformed-request.ts';
import { jsonAnswer, sendAnswer } from '../apigateway/answer.ts';
import type { Answer, Origin } from '../apigateway/answer.ts';

const host = '127.0.0.1';
const closeGraceMs = 2_000;

/** A listening web port. */
export interface WebServer {
  readonly url: string;
  /** Sets what answers; until then every request is told to come back. */
  serve(origin: Origin): void;
  close(): Promise<void>;
}

/** Listens on loopback only; 0 takes any free port. */
export async function startWebServer(options: {
  port: number;
  onError: (error: unknown) => void;
}): Promise<WebServer> {
  let origin: Origin = () =>
    Promise.resolve(jsonAnswer(503, { message: 'Service Unavailable' }, { 'retry-after': '1' }));
  const server = createServer((incoming, response) => {
    // Without these listeners a client that hangs up in the middle would end the whole process.
    incoming.on('error', () => {});
    response.on('error', () => {});
    void respond(incoming, response, { origin: (request) => origin(request), onError: options.onError });
  });
  server.keepAliveTimeout = 60_000;
  server.on('clientError', refuseMalformed);
  await listen(server, options.port);
  // A TCP server's address is an AddressInfo; the other forms belong to pipes.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    serve: (next) => {
      origin = next;
    },
    close: () => closeServer(server),
  };
}

async function respond(
  incoming: IncomingMessage,
  response: ServerResponse,
  { origin, onError }: { origin: Origin; onError: (error: unknown) => void },
): Promise<void> {
  const method = incoming.method ?? 'GET';
  try {
    const refusal = refusalOf(incoming);
    const url = incoming.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? '' : url.slice(mark + 1);
    const answer = refusal ?? (await origin({ method, path, query, incoming }));
    if (!incoming.complete) response.setHeader('connection', 'close');
    sendAnswer(response, answer, method);
  } catch (error) {
    if (incoming.errored !== null || incoming.destroyed) return;
    onError(error);
    if (response.headersSent) response.destroy();
    else sendAnswer(response, jsonAnswer(500, { message: 'Internal Server Error' }), method);
  }
}

/**
 * Keeps pages of other sites out: a name that was made to resolve to loopback is told apart by its Host, and a form
 * or script of a foreign page by its Origin. Reads need no second check, since no foreign page can see their answers.
 */
function refusalOf(incoming: IncomingMessage): Answer | undefined {
  const port = incoming.socket.localPort;
  const own = [`127.0.0.1:${port}`, `localhost:${port}`, '127.0.0.1', 'localhost'];
  const asked = (incoming.headers.host ?? '').toLowerCase();
  if (!own.includes(asked)) {
    return jsonAnswer(403, { message: `Host "${asked}" is not served: use ${host}` });
  }
  const { origin } = incoming.headers;
  const isRead = incoming.method === 'GET' || incoming.method === 'HEAD';
  if (isRead || origin === undefined || own.some((name) => origin === `http://${name}`)) return undefined;
  return jsonAnswer(403, { message: `Origin "${origin}" may not call this platform` });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') return reject(cause);
      const message = `Cannot listen on ${host}:${port}: the port is in use; choose another with --port`;
      return reject(new Error(message, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
