/** Width of a slot; a power of two, so that no time is lost in rounding. */
const SLOT_MS = 1024;

/** What a wheel holds knows its own place in it, so that leaving needs no search. */
export interface WheelItem<E> {
  /** Changed only while the item is in no wheel. */
  time: number;
  /** Undefined while it is in no wheel; this and its neighbors are set by {@link TimeWheel} only. */
  list: WheelList<E> | undefined;
  before: E | undefined;
  after: E | undefined;
}

/** Items of one slot, or of one millisecond. */
interface WheelList<E> {
  first: E | undefined;
  last: E | undefined;
}

/** The items of some second: one list, until the second comes; then a list for every millisecond. */
interface WheelSlot<E> {
  readonly number: number;
  readonly unsorted: WheelList<E>;
  /** Undefined until the slot's time has come. */
  lists: readonly WheelList<E>[] | undefined;
  /** No list before this one holds anything. */
  cursor: number;
}

/**
 * Items by their time: adding and removing take the same time however many there are, and nothing is ever compared,
 * but with items of the same millisecond.
 *
 * Contract: `poll` gives items in the order of their times, those of one time as they came. An item is in one wheel
 * at most. It is an index over what is kept elsewhere. Source: Varghese and Lauck, "Hashed and Hierarchical Timing
 * Wheels".
 */
export class TimeWheel<E extends WheelItem<E>> {
  readonly #slots = new Map<number, WheelSlot<E>>();
  /** The slots, the earliest last. One that becomes empty stays until its time has passed. */
  readonly #order: WheelSlot<E>[] = [];
  /** The slot that an item was added to last; mostly the next one goes there, too. */
  #recent: WheelSlot<E> | undefined;
  /** Lists of a slot that has passed, for the next one. */
  #spareLists: readonly WheelList<E>[] | undefined;

  add(item: E): void {
    const number = Math.floor(item.time / SLOT_MS);
    const slot = this.#recent?.number === number ? this.#recent : this.#slot(number);
    if (slot.lists === undefined) {
      append(slot.unsorted, item);
    } else {
      insert(slot, slot.lists, item);
    }
  }

  /** Takes an item out; without effect on one that is in no wheel. */
  remove(item: E): void {
    const { list, before, after } = item;
    if (list === undefined) {
      return;
    }
    if (before === undefined) {
      list.first = after;
    } else {
      before.after = after;
    }
    if (after === undefined) {
      list.last = before;
    } else {
      after.before = before;
    }
    item.list = undefined;
    item.before = undefined;
    item.after = undefined;
  }

  /** Takes out the earliest item, if its time is not after `now`. */
  poll(now: number): E | undefined {
    for (let slot = this.#order.at(-1); slot !== undefined; slot = this.#order.at(-1)) {
      const start = slot.number * SLOT_MS;
      if (start > now) {
        return undefined;
      }
      const first = firstUntil(slot, this.#opened(slot), now - start);
      if (first !== undefined) {
        return this.#pollOf(first, now);
      }
      if (start + SLOT_MS > now) {
        return undefined;
      }
      this.#drop(slot);
    }
    return undefined;
  }

  #pollOf(item: E, now: number): E | undefined {
    if (item.time > now) {
      // Of its millisecond only a part has passed.
      return undefined;
    }
    this.remove(item);
    return item;
  }

  #slot(number: number): WheelSlot<E> {
    let slot = this.#slots.get(number);
    if (slot === undefined) {
      slot = { number, unsorted: { first: undefined, last: undefined }, lists: undefined, cursor: 0 };
      this.#slots.set(number, slot);
      this.#order.splice(this.#position(number), 0, slot);
    }
    this.#recent = slot;
    return slot;
  }

  /** The lists of a slot whose time has come. */
  #opened(slot: WheelSlot<E>): readonly WheelList<E>[] {
    if (slot.lists !== undefined) {
      return slot.lists;
    }
    const lists =
      this.#spareLists ?? Array.from({ length: SLOT_MS }, () => ({ first: undefined, last: undefined }));
    this.#spareLists = undefined;
    slot.lists = lists;
    slot.cursor = SLOT_MS;
    let item = slot.unsorted.first;
    while (item !== undefined) {
      const { after }: E = item;
      insert(slot, lists, item);
      item = after;
    }
    slot.unsorted.first = undefined;
    slot.unsorted.last = undefined;
    return lists;
  }

  /** Forgets the earliest slot, which is empty. */
  #drop(slot: WheelSlot<E>): void {
    this.#order.pop();
    this.#slots.delete(slot.number);
    this.#spareLists = slot.lists;
    if (this.#recent === slot) {
      this.#recent = undefined;
    }
  }

  /** Where a slot's number belongs in the falling order. */
  #position(number: number): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle]?.number ?? 0) > number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

/** The first item of an opened slot in the milliseconds until `limit`, counted from its start. */
function firstUntil<E extends WheelItem<E>>(
  slot: WheelSlot<E>,
  lists: readonly WheelList<E>[],
  limit: number,
): E | undefined {
  for (; slot.cursor < SLOT_MS && slot.cursor <= limit; slot.cursor++) {
    const first = lists[slot.cursor]?.first;
    if (first !== undefined) {
      return first;
    }
  }
  return undefined;
}

function append<E extends WheelItem<E>>(list: WheelList<E>, item: E): void {
  const { last } = list;
  item.list = list;
  item.before = last;
  item.after = undefined;
  if (last === undefined) {
    list.first = item;
  } else {
    last.after = item;
  }
  list.last = item;
}

/** Puts an item into the list of its millisecond. Only times with fractions of it are ever in disorder there. */
function insert<E extends WheelItem<E>>(slot: WheelSlot<E>, lists: readonly WheelList<E>[], item: E): void {
  const offset = Math.floor(item.time - slot.number * SLOT_MS);
  const list = lists[offset];
  if (list === undefined) {
    throw new Error(`Cannot keep time ${item.time} in slot ${slot.number}: it is outside`);
  }
  slot.cursor = Math.min(slot.cursor, offset);
  let before = list.last;
  while (before !== undefined && before.time > item.time) {
    before = before.before;
  }
  if (before === list.last) {
    return append(list, item);
  }
  const after = before === undefined ? list.first : before.after;
  item.list = list;
  item.before = before;
  item.after = after;
  if (before === undefined) {
    list.first = item;
  } else {
    before.after = item;
  }
  if (after !== undefined) {
    after.before = item;
  }
}
