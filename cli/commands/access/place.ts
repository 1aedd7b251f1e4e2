/** Where a role or a token holds: the namespace of the command, or the whole platform. */
import type { Flag, Invocation } from '../../command.ts';

export const placeFlags: Readonly<Record<string, Flag>> = {
  platform: { type: 'boolean', about: 'on the whole platform instead of in one namespace' },
};

/** Null: the whole platform. */
export function placeOf({ flags, namespace }: Invocation): string | null {
  return flags['platform'] === true ? null : namespace;
}

/** The same as the query of a list. */
export function placeQuery(invocation: Invocation): { readonly namespace?: string } {
  const namespace = placeOf(invocation);
  return namespace === null ? {} : { namespace };
}

/** How a place reads in a table. */
export function placeText(place: {
  readonly namespace: string | null;
  readonly deployment: string | null;
}): string {
  const { namespace, deployment } = place;
  const where = namespace ?? 'everywhere';
  return deployment === null ? where : `${where}/${deployment}`;
}
