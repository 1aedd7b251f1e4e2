/** Crumbs and page titles come from the route table: every route says its own in its handle. */
import type { Params, UIMatch } from 'react-router';

export interface Crumb {
  readonly text: string;
  readonly href: string;
}

export interface PageHandle {
  readonly crumbs: (params: Params) => readonly Crumb[];
}

export function crumbsOf(matches: readonly UIMatch[]): readonly Crumb[] {
  const handles = matches.flatMap((match) =>
    isPageHandle(match.handle) ? [{ match, handle: match.handle }] : [],
  );
  return handles.flatMap(({ match, handle }) => [...handle.crumbs(match.params)]);
}

function isPageHandle(handle: unknown): handle is PageHandle {
  return typeof handle === 'object' && handle !== null && 'crumbs' in handle;
}
