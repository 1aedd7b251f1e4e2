import type { ContinuedTable, TableName } from '../../state/snapshot.ts';

/**
 * What was handed over of every table of every subtask, in the order in which it came: the newest chain is the state,
 * whether or not the checkpoints that its parts were written for have completed.
 *
 * Contract: the last entry for a key wins, so parts are never put in another order, and what a writer does not
 * continue it has replaced, even by nothing.
 */
export class SnapshotChains<Link extends TableName> {
  readonly #writers = new Map<string, Map<string, Link[]>>();

  /** A table's chain of before this attempt, that its writer may continue. */
  restore(writer: string, link: Link): void {
    append(this.#tablesOf(writer), link);
  }

  /** Takes over a snapshot; gives the links that no chain holds any more. */
  apply(writer: string, links: readonly Link[], continued: readonly ContinuedTable[]): readonly Link[] {
    const before = this.#tablesOf(writer);
    const after = new Map<string, Link[]>();
    const dropped: Link[] = [];
    for (const table of continued) {
      const chain = before.get(nameOf(table)) ?? [];
      const gone = new Set(table.dropped);
      dropped.push(...chain.filter((_, place) => gone.has(place)));
      if (chain.length > gone.size)
        after.set(nameOf(table), gone.size === 0 ? chain : chain.filter((_, place) => !gone.has(place)));
      before.delete(nameOf(table));
    }
    for (const link of links) append(after, link);
    this.#writers.set(writer, after);
    return [...dropped, ...[...before.values()].flat()];
  }

  /** All of one writer, table after table. */
  *of(writer: string): Iterable<Link> {
    for (const chain of this.#writers.get(writer)?.values() ?? []) yield* chain;
  }

  /** All there is; the parts of a table are in their order. */
  *all(): Iterable<Link> {
    for (const writer of this.#writers.keys()) yield* this.of(writer);
  }

  #tablesOf(writer: string): Map<string, Link[]> {
    let tables = this.#writers.get(writer);
    if (tables === undefined) {
      tables = new Map();
      this.#writers.set(writer, tables);
    }
    return tables;
  }
}

function append<Link extends TableName>(tables: Map<string, Link[]>, link: Link): void {
  const name = nameOf(link);
  const chain = tables.get(name);
  if (chain === undefined) tables.set(name, [link]);
  else chain.push(link);
}

function nameOf({ operatorId, state }: TableName): string {
  return `${operatorId}/${state}`;
}
