/** Everything in a list, read page by page. */
export async function* pagesOf<T>(
  read: (cursor: string | undefined) => Promise<{ readonly items: T[]; readonly next: string | null }>,
): AsyncGenerator<T, void, void> {
  let cursor: string | undefined;
  do {
    const { items, next } = await read(cursor);
    yield* items;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}
