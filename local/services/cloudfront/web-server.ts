/** The web port: what a browser sees of the local cloud. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, isLoopbackHost, listenOnLoopback } from '../../loopback.ts';
import { refuseMalformed } from '../malformed-request.ts';
import { jsonAnswer, sendAnswer } from '../apigateway/answer.ts';
import type { Answer, Origin } from '../apigateway/answer.ts';

const host = '127.0.0.1';

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
  await listenOnLoopback(server, { host, port: options.port, flag: '--port' });
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
  if (!isLoopbackHost(incoming.headers.host, port)) {
    return jsonAnswer(403, { message: `Host "${incoming.headers.host ?? ''}" is not served: use ${host}` });
  }
  const { origin } = incoming.headers;
  const isRead = incoming.method === 'GET' || incoming.method === 'HEAD';
  if (isRead || origin === undefined || origin === `http://${incoming.headers.host}`) return undefined;
  return jsonAnswer(403, { message: `Origin "${origin}" may not call this platform` });
}
