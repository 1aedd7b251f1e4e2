/** Equal composite keys as one array, so that state finds them by identity as it does primitive ones. */
import type { PrimitiveKey } from './key-groups.ts';
import { unpinnedString } from './unpinned-string.ts';

type Tuple = readonly PrimitiveKey[];

/** A step on the way from the first element of a tuple to its last; where a tuple ends, it is held, weakly. */
interface Place {
  readonly before: Place | undefined;
  readonly element: PrimitiveKey;
  next: Map<PrimitiveKey, Place> | undefined;
  tuple: WeakRef<Tuple> | undefined;
  /** The same, strongly, while it is among the latest. */
  latest: Tuple | undefined;
}

/** So many tuples are held though nobody else may: opening a weak reference costs more than finding it. */
const LATEST = 4096;

const root: Place = { before: undefined, element: '', next: undefined, tuple: undefined, latest: undefined };
const latest: (Place | undefined)[] = Array.from({ length: LATEST });
let turn = 0;
const canonical = new WeakSet<Tuple>();
const forgotten = new FinalizationRegistry<Place>(forget);

/** True for the one array that stands for all equal ones; it must not be copied. */
export function isCanonical(tuple: readonly unknown[]): boolean {
  return canonical.has(tuple as Tuple); // any object may be asked for
}

/**
 * The array that stands for all tuples with these elements, in this thread. It is frozen, and lives as long as anyone
 * holds it: a stream of ever new keys leaves but the latest few behind.
 */
export function canonicalTuple(tuple: Tuple): Tuple {
  let place = root;
  for (const element of tuple) {
    place = place.next?.get(element) ?? added(place, element);
  }
  return place.latest ?? held(place, place.tuple?.deref() ?? settled(place));
}

function held(place: Place, tuple: Tuple): Tuple {
  const oldest = latest[turn];
  if (oldest !== undefined) {
    oldest.latest = undefined;
  }
  latest[turn] = place;
  turn = (turn + 1) % LATEST;
  place.latest = tuple;
  return tuple;
}

function added(before: Place, element: PrimitiveKey): Place {
  const own = typeof element === 'string' ? unpinnedString(element) : element;
  const place: Place = { before, element: own, next: undefined, tuple: undefined, latest: undefined };
  before.next ??= new Map();
  before.next.set(own, place);
  return place;
}

function settled(end: Place): Tuple {
  const elements: PrimitiveKey[] = [];
  for (let place = end; place.before !== undefined; place = place.before) {
    elements.push(place.element);
  }
  const tuple = Object.freeze(elements.toReversed());
  end.tuple = new WeakRef(tuple);
  canonical.add(tuple);
  forgotten.register(tuple, end);
  return tuple;
}

/** Takes the way to a tuple back as far as no other goes through it. */
function forget(place: Place): void {
  // The same tuple may have come again before the old one was cleaned up.
  if (place.tuple?.deref() === undefined) {
    place.tuple = undefined;
    for (let at = place; at.before !== undefined && isUnused(at); at = at.before) {
      // Another place may have taken the one's of a tuple that is long gone.
      if (at.before.next?.get(at.element) === at) {
        at.before.next.delete(at.element);
      }
    }
  }
}

function isUnused({ tuple, next }: Place): boolean {
  return tuple === undefined && (next === undefined || next.size === 0);
}
