/** The two ways in which a write of a caller is refused by what is there already. */
import { Problem } from '#contract/problems.ts';
import { WriteConflict } from '../stores/database.ts';
import type { Resource, Write } from '../stores/database.ts';
import type { Stores } from '../stores/stores.ts';

/** Throws `revision-changed` unless the caller has read the newest revision. */
export function checkRevision(
  what: string,
  resource: { readonly revision: number },
  ifMatch: number | undefined,
): void {
  if (resource.revision === ifMatch) return;
  throw new Problem(
    'revision-changed',
    `Cannot change ${what}: it is at revision ${resource.revision}, If-Match names ${ifMatch}`,
  );
}

/** Writes a change of what was read; somebody who was faster makes it `revision-changed`. */
export async function commitChange(stores: Stores, what: string, writes: readonly Write[]): Promise<void> {
  try {
    await stores.commit(writes);
  } catch (cause) {
    if (!(cause instanceof WriteConflict)) throw cause;
    throw new Problem('revision-changed', `Cannot change ${what}: it was changed at the same moment`, {
      cause,
    });
  }
}

/** Writes something new; a name that is taken makes it `already-exists`. */
export async function commitCreation(
  stores: Stores,
  created: { readonly resource: Resource; readonly name: string; readonly namespace?: string },
  writes: readonly Write[],
): Promise<void> {
  try {
    await stores.commit(writes);
  } catch (cause) {
    if (!(cause instanceof WriteConflict)) throw cause;
    if (cause.resources.includes('version')) throw versionGone(created, cause);
    if (!cause.resources.includes(created.resource)) throw cause;
    const where =
      created.namespace === undefined ? 'there is one' : `namespace "${created.namespace}" has one`;
    throw new Problem(
      'already-exists',
      `Cannot create ${created.resource} "${created.name}": ${where} of this name; choose another`,
      { cause },
    );
  }
}

function versionGone(
  { resource, name }: { resource: Resource; name: string },
  cause: WriteConflict,
): Problem {
  const message = `Cannot create ${resource} "${name}": the version that it states was deleted at the same moment; choose another`;
  return new Problem('not-found', message, { cause });
}
