/** Security Token Service: the one question that every AWS tool asks first, in the query protocol. */
import { randomUUID } from 'node:crypto';
import type { Place } from '../../place.ts';
import { AwsError } from '../service.ts';
import type { Service } from '../service.ts';

/** Answers GetCallerIdentity; every caller is the local root. */
export function openSts(place: Place): Service {
  return {
    targets: [],
    claims: (request) =>
      request.method === 'POST' &&
      request.path === '/' &&
      (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded') &&
      // Other services speak the query protocol too; an unsigned call can only be meant for this one.
      /\/sts\/aws4_request/.test(request.headers.authorization ?? '/sts/aws4_request'),
    async handle(request, response) {
      const action = new URLSearchParams((await request.body()).toString('utf8')).get('Action') ?? '';
      if (action !== 'GetCallerIdentity') {
        throw new AwsError(400, 'InvalidAction', `The local service has no operation "${action}"`);
      }
      const result = `<Arn>arn:aws:iam::${place.account}:root</Arn><UserId>${place.account}</UserId><Account>${place.account}</Account>`;
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}</GetCallerIdentityResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
      );
    },
    close: async () => {},
  };
}
