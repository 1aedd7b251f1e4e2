import { describe, expect, it } from 'vitest';
import { InputTime } from './input-time.ts';

/** Two inputs of two channels each: channels 0 and 1 are of the first, 2 and 3 of the second. */
function listening(separate: boolean) {
  const heard: (number | 'idle' | 'active')[] = [];
  const time = new InputTime(
    { inputs: [0, 0, 1, 1], separate },
    {
      watermark: (watermark) => heard.push(watermark),
      idle: (idle) => heard.push(idle ? 'idle' : 'active'),
    },
  );
  return { time, take: () => heard.splice(0) };
}

describe('the time of two inputs', () => {
  it('is the lower one, each the lowest of its channels', () => {
    const { time, take } = listening(true);
    time.watermark(0, 10);
    time.watermark(1, 7);
    time.watermark(2, 9);
    expect(take()).toEqual([]);
    time.watermark(3, 5);
    expect(take()).toEqual([5]);
    time.watermark(3, 20);
    expect(take()).toEqual([7]);
  });

  it('does not wait for an input all of whose channels are idle, until one returns', () => {
    const { time, take } = listening(true);
    [0, 1].forEach((channel) => time.watermark(channel, 10));
    [2, 3].forEach((channel) => time.watermark(channel, 5));
    time.idle(2, true);
    expect(take()).toEqual([5]);
    time.idle(3, true);
    expect(take()).toEqual([10]);
    [0, 1].forEach((channel) => time.watermark(channel, 12));
    time.idle(3, false);
    // Behind the time, it holds it where it is.
    [0, 1].forEach((channel) => time.watermark(channel, 30));
    expect(take()).toEqual([12]);
    time.watermark(3, 15);
    expect(take()).toEqual([15]);
  });

  it('is the highest once all are idle, whichever was so first', () => {
    const { time, take } = listening(true);
    [0, 1].forEach((channel) => time.watermark(channel, 10));
    [2, 3].forEach((channel) => time.watermark(channel, 5));
    [0, 1].forEach((channel) => time.idle(channel, true));
    expect(take()).toEqual([5]);
    [2, 3].forEach((channel) => time.idle(channel, true));
    expect(take()).toEqual([10, 'idle']);
    time.idle(0, false);
    expect(take()).toEqual(['active']);
  });

  it('is one for united streams, in which a channel that returns counts when it has caught up', () => {
    const { time, take } = listening(false);
    [0, 1, 2].forEach((channel) => time.watermark(channel, 10));
    time.idle(3, true);
    expect(take()).toEqual([10]);
    time.idle(3, false);
    [0, 1, 2].forEach((channel) => time.watermark(channel, 11));
    expect(take()).toEqual([11]);
  });
});
