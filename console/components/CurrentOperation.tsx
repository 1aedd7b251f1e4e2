import { useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import { useOperations } from '../api/deployments.ts';
import { useNow } from '../ui/use-now.ts';
import { OperationPanel } from './OperationPanel.tsx';

/** An operation that succeeded stays in sight this long, so that its end can be read. */
const SHOWN_AFTER_SUCCESS_MS = 30_000;

/** The operation that is under way, has just ended, or failed last. */
export function CurrentOperation({ deployment }: { readonly deployment: Deployment }) {
  const newest = useOperations(deployment.name).items[0];
  const [dismissed, setDismissed] = useState<string>();
  const now = useNow();
  if (newest === undefined || newest.id === dismissed) return null;
  const endedMs = newest.endedAt === null ? undefined : now - Date.parse(newest.endedAt);
  const over = endedMs !== undefined && endedMs > SHOWN_AFTER_SUCCESS_MS;
  if (newest.state === 'succeeded' && over) return null;
  return (
    <OperationPanel
      operation={newest}
      {...(endedMs === undefined ? {} : { onDismiss: () => setDismissed(newest.id) })}
    />
  );
}
