/** Schedules by chance, each from its own seed: who asks what, and what goes wrong, when. */
import './silence.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { verbs } from '#contract/verbs.ts';
import { beginningOf, beginnings } from './beginnings.ts';
import type { Bug } from './bugs.ts';
import { Caller } from './caller.ts';
import { BAD_VERSION, GOOD_VERSION, playedVerbs, requestOf } from './requests.ts';
import type { Asked } from './requests.ts';
import { explore } from './explore.ts';
import { Dice, randomSchedule } from './schedule.ts';
import type { World } from './world.ts';

const FAULTS_MAX = 5;

export interface Explored {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly actions: number;
  readonly accepted: number;
}

const prepared = new Map<string, Promise<World>>();

/** Carries out the schedule of a seed; `say` hears its story. */
export async function exploreSeed(
  seed: number,
  options: { readonly bug?: Bug | undefined; readonly say?: (line: string) => void } = {},
): Promise<Explored> {
  const dice = new Dice(seed);
  const status = dice.of(beginnings);
  const begun = prepared.get(status) ?? beginningOf(status);
  prepared.set(status, begun);
  const world = (await begun).copy(options.say);
  world.bug = options.bug;
  world.faultsLeft = dice.below(FAULTS_MAX + 1);
  world.say(() => `the deployment is ${status}; ${world.faultsLeft} faults`);
  const callers = ['a', 'b'].map((name) => new Caller(world, name, script(dice)));
  const actions = await explore(world, callers, randomSchedule(dice, 0.04));
  const accepted = callers.reduce((sum, caller) => sum + caller.accepted, 0);
  return { seed, violations: world.judge.violations, actions, accepted };
}

/** Mostly what is allowed at that moment: a request that is refused shows little. */
function script(dice: Dice): ((world: World) => Asked)[] {
  return Array.from({ length: 1 + dice.below(4) }, () => (world: World) => {
    const [item] = world.judge.items('deployment#');
    const { state } = (item as unknown as Deployment).status;
    const allowed = playedVerbs.filter((verb) => verbs[verb].legalIn.includes(state));
    const verb = dice.of(allowed.length > 0 && dice.next() < 0.8 ? allowed : playedVerbs);
    const asked = requestOf(world, verb, dice.of([1, GOOD_VERSION, BAD_VERSION]));
    return dice.next() < 0.3 ? { ...asked, whenBusy: 'queue' } : asked;
  });
}
