/** Follows a media query, for what a stylesheet alone cannot decide. */
import { useCallback, useSyncExternalStore } from 'react';

export const NARROW = '(max-width: 700px)';

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
