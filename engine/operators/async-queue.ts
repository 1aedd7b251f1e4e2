/** What waits for its turn to leave. */
export interface QueueElement {
  readonly kind: 'call' | 'watermark';
  readonly done: boolean;
}

/** Calls and watermarks under way, in the order in which they may leave. */
export interface AsyncQueue<E extends QueueElement> {
  readonly size: number;
  put(element: E): void;
  /** An element has become `done`. */
  completed(element: E): void;
  /** Takes out the next that may leave, if there is one. */
  take(): E | undefined;
}

/** Lets elements leave as they came. Source: Flink's `OrderedStreamElementQueue`. */
export class OrderedQueue<E extends QueueElement> implements AsyncQueue<E> {
  readonly #elements = new Set<E>();

  get size(): number {
    return this.#elements.size;
  }

  put(element: E): void {
    this.#elements.add(element);
  }

  completed(): void {
    // An element that is done says so itself.
  }

  take(): E | undefined {
    const [first] = this.#elements;
    if (first?.done !== true) {
      return undefined;
    }
    this.#elements.delete(first);
    return first;
  }
}

/** The calls between two watermarks, or one watermark. */
interface Segment<E> {
  readonly open: Set<E>;
  readonly done: Set<E>;
  readonly watermark: boolean;
}

/**
 * Lets calls leave as they are answered, but none pass a watermark: a record is never later for waiting here.
 * Source: Flink's `UnorderedStreamElementQueue`.
 */
export class UnorderedQueue<E extends QueueElement> implements AsyncQueue<E> {
  readonly #segments: Segment<E>[] = [];
  readonly #segmentOf = new Map<E, Segment<E>>();

  get size(): number {
    return this.#segmentOf.size;
  }

  put(element: E): void {
    const watermark = element.kind === 'watermark';
    let segment = this.#segments.at(-1);
    if (segment === undefined || segment.watermark || watermark) {
      segment = { open: new Set(), done: new Set(), watermark };
      this.#segments.push(segment);
    }
    this.#segmentOf.set(element, segment);
    (element.done ? segment.done : segment.open).add(element);
  }

  completed(element: E): void {
    const segment = this.#segmentOf.get(element);
    if (segment?.open.delete(element) === true) {
      segment.done.add(element);
    }
  }

  take(): E | undefined {
    const [segment] = this.#segments;
    const [first] = segment?.done ?? [];
    if (segment === undefined || first === undefined) {
      return undefined;
    }
    segment.done.delete(first);
    this.#segmentOf.delete(first);
    if (segment.open.size === 0 && segment.done.size === 0) {
      this.#segments.shift();
    }
    return first;
  }
}
