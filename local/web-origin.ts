/** What the web port answers: HTTP APIs by their id, and the first distribution for everything else. */
import { jsonAnswer } from './services/apigateway/answer.ts';
import type { Origin } from './services/apigateway/answer.ts';
import type { Cloud } from './template/cloud.ts';

const apiPath = /^\/execute-api\/([a-z0-9]+)(\/.*)?$/;

/** The origin of the web port; it reads the cloud at each request, so it may be made before all is deployed. */
export function webOrigin(cloud: Pick<Cloud, 'apis' | 'distributions'>): Origin {
  return async (request) => {
    const [, id, path] = apiPath.exec(request.path) ?? [];
    if (id === undefined) {
      const distribution = cloud.distributions[0];
      return distribution?.answer(request) ?? jsonAnswer(404, { message: 'Not Found' });
    }
    const api = cloud.apis.get(id);
    if (api === undefined) return jsonAnswer(404, { message: 'Not Found' });
    // On AWS an API stands at the root of its own host; here relative links need the slash to stay within it.
    if (path === undefined) {
      const query = request.query === '' ? '' : `?${request.query}`;
      return { status: 308, headers: { location: `/execute-api/${id}/${query}` }, body: Buffer.alloc(0) };
    }
    return api.answer({ ...request, path });
  };
}
