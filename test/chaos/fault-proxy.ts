/** A way to the services of AWS on which things go wrong, between a worker and the local cloud. */
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dice } from '../pipelines/dice.ts';
import { refusalOf, throttleOf, type Answer } from './service-faults.ts';

/** What may happen to a request. */
const faults = ['refuse', 'throttle', 'reset', 'lose', 'hang', 'slow', 'cut'] as const;
export type FaultKind = (typeof faults)[number];

const HANG_MS = 2500;
const PIECES = 5;

/** Passes requests on to `target`; some of them come to grief. */
export class FaultProxy {
  /** Share of the requests that something happens to. */
  share = 0;
  readonly counts: Partial<Record<FaultKind, number>> = {};
  readonly #target: URL;
  readonly #dice: Dice;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, response) => {
    void this.#serve(incoming, response).catch(() => response.destroy());
  });

  constructor(target: string, dice: Dice) {
    this.#target = new URL(target);
    this.#dice = dice;
  }

  /** Its own address. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    // A TCP server's address is an AddressInfo.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const fault = this.#dice.chance(this.share) ? this.#dice.pick(faults) : undefined;
    if (fault !== undefined) this.counts[fault] = (this.counts[fault] ?? 0) + 1;
    switch (fault) {
      case 'refuse':
        return send(response, refusalOf(incoming.headers));
      case 'throttle':
        return send(response, throttleOf(incoming.headers));
      case 'reset':
        response.destroy();
        return undefined;
      case 'lose':
        await this.#forward(incoming, body);
        response.destroy();
        return undefined;
      case 'hang':
        if (this.#dice.chance(0.5)) await this.#forward(incoming, body);
        await delay(HANG_MS);
        response.destroy();
        return undefined;
      case 'slow':
        return sendSlowly(response, await this.#forward(incoming, body), this.#dice.whole(10, 150));
      case 'cut':
        return sendHalf(response, await this.#forward(incoming, body));
      case undefined:
        return send(response, await this.#forward(incoming, body));
    }
  }

  async #forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const { host, hostname, port } = this.#target;
    const sent = { ...headers, host };
    const outgoing = request({ hostname, port, method, path: url, headers: sent, agent: this.#agent });
    outgoing.end(body);
    // The event brings one response.
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return {
      status: answer.statusCode ?? 500,
      headers: answer.headers,
      body: Buffer.concat(await answer.toArray()),
    };
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): undefined {
  response.writeHead(status, headers).end(body);
}

async function sendSlowly(response: ServerResponse, answer: Answer, pauseMs: number): Promise<undefined> {
  response.writeHead(answer.status, answer.headers);
  const size = Math.ceil(answer.body.length / PIECES);
  for (let start = 0; start < answer.body.length; start += size) {
    response.write(answer.body.subarray(start, start + size));
    await delay(pauseMs);
  }
  response.end();
}

function sendHalf(response: ServerResponse, { status, headers, body }: Answer): undefined {
  response.writeHead(status, { ...headers, 'content-length': String(body.length + 1) });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}
