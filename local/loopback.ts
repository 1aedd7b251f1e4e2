/** What every port of the local cloud has in common: it listens on loopback, answers names of this machine, and ends. */
import type { Server } from 'node:http';

const closeGraceMs = 2_000;

/** Where to listen, and the flag that changes the port, for the message when it is taken. */
export interface LoopbackPort {
  readonly host: '127.0.0.1' | '::1';
  /** 0 takes any free one. */
  readonly port: number;
  readonly flag: string;
}

/** Resolves once the server listens. */
export function listenOnLoopback(server: Server, { host, port, flag }: LoopbackPort): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') return reject(cause);
      const message = `Cannot listen on ${host}:${port}: the port is in use; choose another with ${flag}`;
      return reject(new Error(message, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

/** Requests under way may finish; an idle or stuck connection must not hold up the end of the process. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/**
 * Only names of this machine are served. A web page of another site can make its own host name resolve to
 * 127.0.0.1 (DNS rebinding), but it cannot change the Host header that its requests then carry.
 */
export function isLoopbackHost(host: string | undefined, port: number | undefined): boolean {
  const match = /^(127\.0\.0\.1|localhost|\[::1\])(?::(\d+))?$/i.exec(host ?? '');
  return match !== null && (match[2] === undefined || Number(match[2]) === port);
}
