import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useFollow } from './use-follow.ts';

interface GoProps {
  readonly to: string;
  readonly children: ReactNode;
  readonly strong?: boolean;
}

/** A link to another page of the console. */
export function Go({ to, children, strong = false }: GoProps) {
  const follow = useFollow();
  return (
    <Link href={to} onFollow={follow} fontSize="inherit" variant={strong ? 'primary' : 'secondary'}>
      {children}
    </Link>
  );
}
