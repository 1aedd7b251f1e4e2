/** What callers ask, verb by verb: whole requests, as the handlers of the API make them. */
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { Verb } from '#contract/verbs.ts';
import { workflows } from '#contract/workflows.ts';
import { steps } from '#functions/steps/index.ts';
import type { RequestedVerb } from '#functions/operations/request-verb.ts';
import type { World } from './world.ts';

/** What is asked, without who asks and under which key. */
export type Asked = { readonly verb: Verb } & Partial<RequestedVerb>;

/** Of the application in the model: the last one fails at its start. */
export const GOOD_VERSION = 2;
export const BAD_VERSION = 3;

/** Verbs of a deployment that is there. A fork makes another one, and takes another way in. */
export const playedVerbs: readonly Verb[] = Verb.options.filter(
  (verb) => verb !== 'fork' && workflows[verb].every(({ step }) => steps[step] !== undefined),
);

/** A whole request; `version` is what an upgrade goes to. */
export function requestOf(world: World, verb: Verb, version = GOOD_VERSION): Asked {
  const reason = '';
  switch (verb) {
    case 'upgrade':
      return { verb, change: { version, reason } };
    case 'rollback':
      return { verb, change: { revision: 'previous', reason } };
    case 'migrate':
      return { verb, change: { target: 'other', reason } };
    case 'rescale':
      return { verb, parallelism: 2 };
    case 'delete':
      return { verb, deletion: { savepoints: 'keep', purge: false } };
    case 'reset': {
      const savepoints = world.judge.items('savepoint#') as unknown as Savepoint[];
      const savepoint = savepoints.find(({ state }) => state === 'completed');
      return savepoint === undefined
        ? { verb, restoreStrategy: { kind: 'latest-savepoint' } }
        : { verb, restoreStrategy: { kind: 'savepoint', savepointId: savepoint.id } };
    }
    default:
      return { verb };
  }
}
