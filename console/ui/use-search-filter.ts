import { useSearchParams } from 'react-router';

/** A filter that is kept in the address, so that it can be sent to somebody. */
export function useSearchFilter(name: string): readonly [string | undefined, (value?: string) => void] {
  const [search, setSearch] = useSearchParams();
  const change = (value?: string): void =>
    setSearch(
      (former) => {
        const next = new URLSearchParams(former);
        if (value === undefined) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return [search.get(name) ?? undefined, change];
}
