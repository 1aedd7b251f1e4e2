import type { Split } from '../connector.ts';

// Only the splits of the past are marked: without the wrapper the live source knows its own again.
const PREFIX = 'past/';

export function isPast(id: string): boolean {
  return id.startsWith(PREFIX);
}

export function nameInPast(id: string): string {
  return id.slice(PREFIX.length);
}

export function pastName(id: string): string {
  return PREFIX + id;
}

export function asPast(split: Split): Split {
  return {
    ...split,
    id: pastName(split.id),
    ...(split.parents === undefined ? {} : { parents: split.parents.map(pastName) }),
  };
}

export function asItWas(split: Split): Split {
  return {
    ...split,
    id: nameInPast(split.id),
    ...(split.parents === undefined ? {} : { parents: split.parents.map(nameInPast) }),
  };
}
