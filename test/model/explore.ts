/** One schedule carried out: requests and faults first, then a world in which nothing goes wrong any more. */
import { judgeAtRest } from './at-rest.ts';
import type { Caller } from './caller.ts';
import { beginSweep, choicesOf } from './choices.ts';
import { deviatingSchedule } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import type { Worker } from './worker.ts';
import type { World } from './world.ts';

const ACTIONS_MAX = 20_000;
const MINUTE_MS = 60_000;
/** Sweeps that a world may need until it is as it should be: the longest timeout, and then some. */
const SWEEPS_MAX = 60;

/** Runs until nothing is under way, and then until a sweep finds nothing to do; answers the number of actions. */
export async function explore(world: World, callers: readonly Caller[], schedule: Schedule): Promise<number> {
  let actions = await untilIdle(world, callers, schedule);
  world.faultsLeft = 0;
  for (let quiet = 0, sweeps = 0; quiet < 2 && world.judge.violations.length === 0; sweeps += 1) {
    if (sweeps === SWEEPS_MAX) {
      world.judge.violated('stuck: the platform does not come to rest');
      break;
    }
    world.advanceTo(world.nowMs + MINUTE_MS);
    for (const worker of world.workers.values()) if (worker.isLive && !worker.isFrozen) worker.commit();
    const { transactions } = world.judge;
    beginSweep(world);
    actions += await untilIdle(world, [], deviatingSchedule([]));
    // What a sweep only looks at again, such as a change that waits for a person, is no unrest.
    quiet = world.judge.transactions === transactions ? quiet + 1 : 0;
  }
  if (world.judge.violations.length === 0) judgeAtRest(world);
  return actions;
}

async function untilIdle(world: World, callers: readonly Caller[], schedule: Schedule): Promise<number> {
  for (let actions = 0; ; actions += 1) {
    await settled();
    const isIdle =
      world.actors.length === 0 &&
      world.events.length === 0 &&
      callers.every(({ isDone }) => isDone) &&
      [...world.executions.values()].every(({ state }) => state !== 'running') &&
      ![...world.workers.values()].some(isOnItsWay);
    if (isIdle || world.judge.violations.length > 0) return actions;
    const choices = choicesOf(world, callers);
    if (actions === ACTIONS_MAX || choices.length === 0) {
      world.judge.violated(`stuck: nothing ends after ${actions} actions`);
      return actions;
    }
    const chosen = schedule.choose(choices);
    world.say(() => chosen.label);
    chosen.act();
  }
}

/** A process that is about to become something else without anybody's doing. */
function isOnItsWay(worker: Worker): boolean {
  if (worker.status === 'stopped') return false;
  if (worker.isWaiting && !worker.isStopping) return worker.hasWaitedTooLong;
  return worker.isStopping || (!worker.isFrozen && !worker.isLive);
}

/** Until every run stands at a gate or has ended: nothing in the model waits for anything else. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
