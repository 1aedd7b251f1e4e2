import type { Operation } from '#contract/resources/operation.ts';
import { Age } from '../ui/Age.tsx';
import { Go } from '../ui/Go.tsx';
import { Actor } from './Actor.tsx';
import { CancelOperation } from './CancelOperation.tsx';
import { operationTitle } from './OperationPanel.tsx';
import { paths } from './paths.ts';

interface OperationQueueProps {
  readonly queued: readonly Operation[];
  /** Ids, the next one first. */
  readonly order: readonly string[];
}

/** What waits for the operation under way to end. */
export function OperationQueue({ queued, order }: OperationQueueProps) {
  if (queued.length === 0) return null;
  const sorted = [...queued].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  return (
    <section aria-label="Queue of operations">
      <b>Next</b>
      <ol className="plan">
        {sorted.map((operation) => (
          <li key={operation.id}>
            <Go to={paths.operation(operation.id)}>{operationTitle(operation)}</Go>, asked for by{' '}
            <Actor actor={operation.actor} /> <Age at={operation.createdAt} />{' '}
            <CancelOperation operation={operation} />
          </li>
        ))}
      </ol>
    </section>
  );
}
