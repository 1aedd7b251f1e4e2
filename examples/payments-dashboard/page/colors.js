/**
 * Colors for things that come and go: a key keeps its color as long as it is shown, and a free color goes to the
 * next one. Chosen to be told apart on white and on near black, also by people who see few colors.
 */
const palette = ['#0ea5a0', '#5b7cfa', '#f0883e', '#d8588f', '#8a63d2', '#d4a72c', '#4aa84e', '#4a9fd8'];

export const restColor = 'light-dark(#cfd6da, #36434b)';

export class Colors {
  #taken = new Map();

  /** Colors for exactly these keys. */
  assign(keys) {
    for (const key of this.#taken.keys()) if (!keys.includes(key)) this.#taken.delete(key);
    for (const key of keys) {
      if (this.#taken.has(key)) continue;
      const used = new Set(this.#taken.values());
      this.#taken.set(key, palette.find((color) => !used.has(color)) ?? palette[0]);
    }
    return this.#taken;
  }
}
