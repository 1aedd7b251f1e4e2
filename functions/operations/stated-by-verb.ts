/** What a verb changes of what its deployment states: the version, the target, parts of the spec, or all of it. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { StatedSpec } from '#contract/resources/deployment.ts';
import { mergePatch } from '../control/merge-patch.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import type { Platform } from '../middleware/platform.ts';
import { restate } from './restate.ts';
import type { Restatement } from './restate.ts';

/** Plain data, since verbs that wait are written down. */
export interface StatedChange {
  readonly reason: string;
  readonly version?: number | undefined;
  readonly target?: string | undefined;
  /** Merge patch of what is stated. */
  readonly spec?: Readonly<Record<string, unknown>> | undefined;
  /** Everything as in this revision; `previous`: as it was for the job before the one of now. */
  readonly revision?: number | 'previous' | undefined;
}

/** A deployment as a verb restates it. */
export interface RestatedByVerb extends Restatement {
  /** Number of the revision that it returns to. */
  readonly rollbackTo?: number;
}

/** Throws what `restate` throws, `not-found` for a revision that does not exist, `invalid-request` for another application. */
export async function statedByVerb(
  platform: Platform,
  before: Deployment,
  { change, actor }: { readonly change: StatedChange; readonly actor: string },
): Promise<RestatedByVerb> {
  const author = { actor, at: platform.now().toISOString(), reason: change.reason };
  if (change.revision !== undefined) {
    const number =
      change.revision === 'previous' ? await previousRevision(platform, before) : change.revision;
    const revision = await platform.stores.revisions.get(before.id, number);
    if (revision === undefined) throw noRevision(before, number);
    const reason = change.reason === '' ? `Back to revision ${number}.` : change.reason;
    const restated = await restate(platform, before, revision.stated, { ...author, reason });
    return { ...restated, rollbackTo: number };
  }
  const { version, target, spec } = change;
  const patch = {
    ...spec,
    ...(version === undefined ? {} : { version }),
    ...(target === undefined ? {} : { target }),
  };
  const stated = parsePart(StatedSpec, mergePatch(before.stated, patch), '/spec');
  if (stated.application !== before.spec.application) throw otherApplication(before, stated.application);
  return restate(platform, before, { ...stated, desiredState: before.spec.desiredState }, author);
}

/** Of the newest job that ran another revision than the one of now, and did not fail. */
async function previousRevision({ stores }: Platform, { id, name }: Deployment): Promise<number> {
  const { items: jobs } = await stores.jobs.list(id, { limit: 50 });
  const [newest, ...earlier] = jobs;
  const others = earlier.filter(({ specRevision }) => specRevision !== newest?.specRevision);
  const previous = others.find(({ state }) => state !== 'failed') ?? others[0];
  if (previous !== undefined) return previous.specRevision;
  throw new Problem(
    'not-found',
    `Cannot rollback deployment "${name}": none of its last jobs ran another revision; name one with "to"`,
  );
}

function noRevision({ name, specRevision }: Deployment, number: number): Problem {
  return new Problem(
    'not-found',
    `Cannot rollback deployment "${name}": it has no revision ${number}; its newest one is ${specRevision}`,
  );
}

function otherApplication({ name, spec }: Deployment, wanted: string): Problem {
  const message = `Cannot change deployment "${name}": its application is "${spec.application}" for ever; create another deployment for "${wanted}"`;
  return new Problem('invalid-request', message, {
    errors: [{ pointer: '/spec/application', message: 'cannot be changed' }],
  });
}
