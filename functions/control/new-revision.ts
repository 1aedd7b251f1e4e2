import { differences } from '#contract/differences.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';

type Json = Readonly<Record<string, unknown>>;

/** Who changed it, when and why. */
export interface Authorship {
  readonly actor: string;
  readonly at: string;
  readonly reason: string;
}

/** The first revision of a new deployment. */
export function firstRevision(deployment: Deployment, author: Authorship): SpecRevision {
  return revisionOf(deployment.id, { number: 1, before: {}, after: deployment.stated }, author);
}

/**
 * The revision that a deployment gets by stating something else; undefined when it states the same.
 *
 * The desired state is no part of it: starting and suspending change what is wanted of a spec, not the spec.
 */
export function nextRevision(before: Deployment, stated: Json, author: Authorship): SpecRevision | undefined {
  const number = before.specRevision + 1;
  const revision = revisionOf(before.id, { number, before: before.stated, after: stated }, author);
  return revision.changes.length === 0 ? undefined : revision;
}

/** What a deployment states of its spec, without what is wanted of it at the moment. */
export function withoutDesiredState({ desiredState: _wanted, ...stated }: Json): Json {
  return stated;
}

function revisionOf(
  deploymentId: string,
  change: { readonly number: number; readonly before: Json; readonly after: Json },
  { actor, at, reason }: Authorship,
): SpecRevision {
  const stated = withoutDesiredState(change.after);
  return {
    deploymentId,
    number: change.number,
    createdAt: at,
    createdBy: actor,
    reason,
    stated,
    changes: differences(withoutDesiredState(change.before), stated),
    operationId: null,
  };
}
