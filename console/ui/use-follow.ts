/** Lets links of the kit go through the router, and leaves clicks that open a new tab to the browser. */
import { useNavigate } from 'react-router';

interface FollowEvent {
  readonly detail: { readonly href?: string | undefined; readonly external?: boolean | undefined };
  preventDefault(): void;
}

export function useFollow(): (event: FollowEvent) => void {
  const navigate = useNavigate();
  return (event) => {
    const { href, external } = event.detail;
    if (href === undefined || external === true || !href.startsWith('/')) return;
    event.preventDefault();
    void navigate(href);
  };
}
