import { randomUUID } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import { draftOf } from './call.ts';
import type { ApiEvent, ApiResponse } from './call.ts';
import { logger } from './logging.ts';

const HEADER = 'x-request-id';
const ACCEPTABLE = /^[\w.-]{1,128}$/;

/** Takes over the caller's request id or makes one, puts it into every log line and into the response. */
export function requestId(): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    before: ({ event }) => {
      const given = event.headers[HEADER];
      const id = given !== undefined && ACCEPTABLE.test(given) ? given : randomUUID();
      draftOf(event).requestId = id;
      logger.resetKeys();
      logger.appendKeys({ requestId: id });
    },
    after: (request) => {
      const id = draftOf(request.event).requestId;
      if (request.response && id !== undefined) request.response.headers[HEADER] = id;
    },
    onError: (request) => {
      const id = draftOf(request.event).requestId;
      if (request.response && id !== undefined) request.response.headers[HEADER] = id;
    },
  };
}
