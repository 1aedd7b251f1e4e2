/** Ids begin with their time, which siblings share; their end is what tells them apart. */
export function shortId(id: string): string {
  return id.slice(-8);
}
