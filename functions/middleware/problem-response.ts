import type { MiddlewareObj } from '@middy/core';
import { routes } from '#contract/api/routes.ts';
import { Problem } from '#contract/problems.ts';
import { draftOf } from './call.ts';
import type { ApiEvent, ApiResponse } from './call.ts';
import { errorFields, logger } from './logging.ts';
import { methodsOf } from './match-route.ts';

/** Turns whatever was thrown into one answer: a problem as it is, anything else without its details. */
export function problemResponse(): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    onError: (request) => {
      const { requestId, handler } = draftOf(request.event);
      const problem = asProblem(request.error, request.event.routeKey);
      const isFlink = handler !== undefined && routes[handler.id].tag === 'Flink';
      request.response = isFlink ? flinkError(problem) : problemJson(problem, requestId);
      if (problem.code === 'method-not-allowed') {
        request.response.headers['allow'] = methodsOf(request.event.rawPath).join(', ');
      }
      if (problem.code === 'unauthenticated') request.response.headers['www-authenticate'] = 'Bearer';
      const { retryAfterSeconds } = problem.details;
      if (retryAfterSeconds !== undefined)
        request.response.headers['retry-after'] = String(retryAfterSeconds);
    },
  };
}

function problemJson(problem: Problem, requestId: string | undefined): ApiResponse {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify(problem.toBody(requestId)),
  };
}

/** Flink's clients know an error only by its one member `errors`; a second member would hide it from them. */
function flinkError(problem: Problem): ApiResponse {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ errors: [problem.message] }),
  };
}

function asProblem(error: unknown, route: string): Problem {
  if (error instanceof Problem) {
    if (error.status >= 500) logger.warn('A request met a problem', { route, ...errorFields(error) });
    return error;
  }
  logger.error('A request failed', { route, runbook: 'internal-error', ...errorFields(error) });
  return new Problem('internal', `Cannot answer ${route}: something broke inside the platform`, {
    cause: error,
  });
}
