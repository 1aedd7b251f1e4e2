import { asynchronous } from './asynchronous-pipelines.ts';
import type { Dice } from './dice.ts';
import { coGroup, intervalJoin } from './join-pipelines.ts';
import type { Pipeline } from './pipeline.ts';
import { counters, lists, timers } from './state-pipelines.ts';
import { sessionWindows, slidingWindows, tumblingWindows } from './window-pipelines.ts';

/** The pipelines by the name under which a command line asks for one. */
export const pipelines: Readonly<Record<string, (dice: Dice) => Pipeline>> = {
  windows: tumblingWindows,
  sliding: slidingWindows,
  sessions: sessionWindows,
  counters,
  timers,
  lists,
  join: intervalJoin,
  'co-group': coGroup,
  asynchronous,
};

/** The pipeline of a name, with numbers drawn from the dice. */
export function pipelineNamed(name: string, dice: Dice): Pipeline {
  const make = Object.hasOwn(pipelines, name) ? pipelines[name] : undefined;
  if (make === undefined)
    throw new Error(`Cannot find pipeline "${name}": the pipelines are ${Object.keys(pipelines).join(', ')}`);
  return make(dice);
}
