import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { WebRequest } from '../apigateway/answer.ts';
import { EdgeFunction } from './edge-function.ts';

function request(path: string): WebRequest {
  return { method: 'GET', path, query: '', incoming: new IncomingMessage(new Socket()) };
}

describe('a function of a distribution', () => {
  test('rewrites the path of a request', () => {
    const code = `function handler({ request }) { request.uri = '/index.html'; return request; }`;
    expect(new EdgeFunction(code).run(request('/deployments/a'))).toEqual({ path: '/index.html', query: '' });
  });

  test('runs again when the clock ended it though it never had the processor', () => {
    // Waiting is what a machine without a free processor looks like from inside: time goes by and nothing is computed.
    const code = `
      let calls = 0;
      function handler({ request }) {
        calls += 1;
        if (calls === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000);
        request.uri = '/call-' + calls;
        return request;
      }`;
    expect(new EdgeFunction(code).run(request('/'))).toEqual({ path: '/call-2', query: '' });
  });

  test('ends when it computes without end', () => {
    const code = 'function handler() { for (;;); }';
    expect(() => new EdgeFunction(code).run(request('/'))).toThrow(/timed out/);
  });
});
