import type { WindowAssigner } from '../operator-definition.ts';

/** The ends of the windows of a time, the latest first, as Flink fires them. A slide above the size leaves gaps. */
export type WindowEnds = (time: number) => readonly number[];

/** Length of every window of an assigner, ms. */
export function windowSizeMs(assigner: WindowAssigner): number {
  return assigner.sizeMs;
}

export function windowEnds(assigner: WindowAssigner): WindowEnds {
  const { sizeMs, offsetMs } = assigner;
  if (assigner.kind === 'tumbling') {
    return (time) => [windowStart(time, sizeMs, offsetMs) + sizeMs];
  }
  const { slideMs } = assigner;
  return (time) => {
    const ends: number[] = [];
    for (let start = windowStart(time, slideMs, offsetMs); start > time - sizeMs; start -= slideMs) {
      ends.push(start + sizeMs);
    }
    return ends;
  };
}

/** `time - floorMod(time - offset, size)`; exact for all times below 2^51 ms. */
export function windowStart(time: number, sizeMs: number, offsetMs: number): number {
  return Math.floor((time - offsetMs) / sizeMs) * sizeMs + offsetMs;
}
