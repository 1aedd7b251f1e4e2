import type { Dice } from './dice.ts';
import type { Pipeline } from './pipeline.ts';
import { ReadingType } from './reading.ts';
import { counters } from './state-pipelines.ts';
import { tumblingWindows } from './window-pipelines.ts';

/** Every reading is asked about in the outside world before it is counted. */
export function asynchronous(dice: Dice): Pipeline {
  const order = dice.pick(['ordered', 'unordered'] as const);
  const capacity = dice.whole(2, 20);
  const behind = dice.chance(0.5) ? counters() : tumblingWindows(dice);
  return {
    name: `asynchronous ${order} ${capacity}, ${behind.name}`,
    running: behind.running === true,
    build: (readings, surroundings) =>
      behind.build(
        readings.asyncMap('asked', { output: ReadingType, call: surroundings.answerLater, order, capacity }),
        surroundings,
      ),
    expected: (readings) => behind.expected(readings),
  };
}
