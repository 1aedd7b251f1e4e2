import { compareStarts, type PartialMatch } from './partial-match.ts';

/**
 * Matches by their start, the earliest first: a binary heap that keeps to the order of Java's `PriorityQueue`.
 *
 * Contract: matches of one start leave in the order that Java gives them, since with a skip strategy the first of
 * them to be found is the one that goes out. `of(queue.items)` is the same queue.
 */
export class MatchQueue {
  readonly #items: PartialMatch[];

  private constructor(items: PartialMatch[]) {
    this.#items = items;
    for (let index = 1; index < items.length; index++) {
      const match = items[index];
      if (match !== undefined) {
        this.#siftUp(index, match);
      }
    }
  }

  /** With no more room than they need: most keys have one or two of them for a long time. */
  static of(matches: readonly PartialMatch[]): MatchQueue {
    return new MatchQueue(matches.slice());
  }

  /** In the order of the heap: only the first is surely the earliest. */
  get items(): readonly PartialMatch[] {
    return this.#items;
  }

  get first(): PartialMatch | undefined {
    return this.#items[0];
  }

  addAll(matches: Iterable<PartialMatch>): void {
    for (const match of matches) {
      this.#items.push(match);
      this.#siftUp(this.#items.length - 1, match);
    }
  }

  /** Takes the earliest out. */
  poll(): PartialMatch | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#siftDown(0, last);
    }
    return first;
  }

  removeIf(test: (match: PartialMatch) => boolean): void {
    const kept = this.#items.filter((match) => !test(match));
    if (kept.length === this.#items.length) {
      return;
    }
    this.#items.length = 0;
    this.#items.push(...kept);
    for (let index = (kept.length >>> 1) - 1; index >= 0; index--) {
      const match = kept[index];
      if (match !== undefined) {
        this.#siftDown(index, match);
      }
    }
  }

  #siftUp(from: number, match: PartialMatch): void {
    let index = from;
    while (index > 0) {
      const above = (index - 1) >>> 1;
      const parent = this.#items[above];
      if (parent === undefined || compareStarts(match, parent) >= 0) {
        break;
      }
      this.#items[index] = parent;
      index = above;
    }
    this.#items[index] = match;
  }

  #siftDown(from: number, match: PartialMatch): void {
    let index = from;
    for (;;) {
      const next = this.#earlierChild(index);
      const child = this.#items[next];
      if (child === undefined || compareStarts(match, child) <= 0) {
        break;
      }
      this.#items[index] = child;
      index = next;
    }
    this.#items[index] = match;
  }

  #earlierChild(index: number): number {
    const left = this.#items[2 * index + 1];
    const right = this.#items[2 * index + 2];
    const rightFirst = left !== undefined && right !== undefined && compareStarts(left, right) > 0;
    return 2 * index + (rightFirst ? 2 : 1);
  }
}
