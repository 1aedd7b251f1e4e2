/** Where a thing of the local cloud claims to be. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

/** The account of everything local; AWS never gives it to anybody. */
export const localAccount = '000000000000';

/** An ARN in this place, such as `arn:aws:lambda:eu-west-1:000000000000:function:query`. */
export function arnOf(place: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${place.region}:${place.account}:${resource}`;
}
