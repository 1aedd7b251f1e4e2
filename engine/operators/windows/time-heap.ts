/** Moments that are due some time, the earliest first: a binary heap. */
export class TimeHeap {
  readonly #times: number[] = [];

  get first(): number | undefined {
    return this.#times[0];
  }

  add(time: number): void {
    const times = this.#times;
    let place = times.length;
    times.push(time);
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const above = times[parent] ?? time;
      if (above <= time) {
        break;
      }
      times[place] = above;
      place = parent;
    }
    times[place] = time;
  }

  removeFirst(): void {
    const times = this.#times;
    const time = times.pop();
    if (time === undefined || times.length === 0) {
      return;
    }
    let place = 0;
    for (;;) {
      const child = this.#smallerChild(place);
      const below = times[child];
      if (below === undefined || below >= time) {
        break;
      }
      times[place] = below;
      place = child;
    }
    times[place] = time;
  }

  #smallerChild(place: number): number {
    const left = 2 * place + 1;
    return (this.#times[left + 1] ?? Number.POSITIVE_INFINITY) < (this.#times[left] ?? 0) ? left + 1 : left;
  }
}
