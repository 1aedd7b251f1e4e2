/** Joins pieces of output into whole lines, separately for each source. */
export class LineSplitter {
  readonly #open = new Map<string, string>();

  /** The lines that this piece completes. */
  push(source: string, text: string): string[] {
    const lines = ((this.#open.get(source) ?? '') + text).split('\n');
    const rest = lines.pop() ?? '';
    if (rest === '') this.#open.delete(source);
    else this.#open.set(source, rest);
    return lines.filter((line) => line !== '');
  }

  /** What a source that ended had left without a line end. */
  end(source: string): string[] {
    const rest = this.#open.get(source);
    this.#open.delete(source);
    return rest === undefined ? [] : [rest];
  }
}
