import { useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { useOperations } from '../api/deployments.ts';
import { useNow } from '../ui/use-now.ts';
import { OperationPanel } from './OperationPanel.tsx';
import { OperationQueue } from './OperationQueue.tsx';

/** An operation that succeeded stays in sight this long, so that its end can be read. */
const SHOWN_AFTER_SUCCESS_MS = 30_000;

/** The operation that is under way, has just ended, or failed last; with what it followed, and what waits for it. */
export function CurrentOperation({ deployment }: { readonly deployment: Deployment }) {
  const { items } = useOperations(deployment.name);
  const queued = items.filter(({ state }) => state === 'queued');
  const newest = items.find(({ state }) => state !== 'queued');
  const [dismissed, setDismissed] = useState<string>();
  const now = useNow();
  const hidden = newest === undefined || newest.id === dismissed || isOver(newest, now);
  if (hidden && queued.length === 0) return null;
  const dismiss = newest?.endedAt === null ? {} : { onDismiss: () => setDismissed(newest?.id) };
  return (
    <div className="operation-chain">
      {hidden
        ? null
        : chainOf(newest, items).map((operation) => (
            <OperationPanel
              key={operation.id}
              operation={operation}
              {...(operation.id === newest.id ? dismiss : {})}
            />
          ))}
      <OperationQueue queued={queued} order={deployment.status.queue ?? []} />
    </div>
  );
}

function isOver({ state, endedAt }: Operation, now: number): boolean {
  return state === 'succeeded' && endedAt !== null && now - Date.parse(endedAt) > SHOWN_AFTER_SUCCESS_MS;
}

/** What missed its gate first, then the rollback that followed: an end is understood by its beginning. */
function chainOf(newest: Operation, items: readonly Operation[]): readonly Operation[] {
  const former = items.find(({ followedBy }) => followedBy === newest.id);
  return former === undefined ? [newest] : [former, newest];
}
