import Button from '@cloudscape-design/components/button';
import type { Operation } from '#contract/resources/operation.ts';
import { pointOfNoReturn } from '#contract/workflows.ts';
import { useCancelOperation } from '../api/use-cancel-operation.ts';
import { ProblemAlert } from './ProblemAlert.tsx';

/** Ends an operation early, as long as that is safe. */
export function CancelOperation({ operation }: { readonly operation: Operation }) {
  const cancel = useCancelOperation();
  if (operation.endedAt !== null) return null;
  const asked = operation.cancelRequestedAt !== null;
  const reason = asked ? 'It ends before its next step.' : tooLate(operation);
  return (
    <>
      <Button
        variant="inline-link"
        ariaLabel={`Cancel the operation ${operation.kind}`}
        loading={cancel.isPending}
        disabled={reason !== undefined}
        {...(reason === undefined ? {} : { disabledReason: reason })}
        onClick={() => cancel.mutate(operation.id)}
      >
        {operation.state === 'queued' ? 'Leave the queue' : 'Cancel the operation'}
      </Button>
      {cancel.error === null ? null : <ProblemAlert error={cancel.error} />}
    </>
  );
}

/** The same question that the platform asks itself: whether its irreversible step has begun. */
function tooLate({ state, kind, steps }: Operation): string | undefined {
  if (state === 'queued') return undefined;
  const step = steps.find(({ name }) => name === pointOfNoReturn(kind));
  if (step === undefined || step.state === 'pending') return undefined;
  return `Its step "${step.title}" has begun and cannot be taken back.`;
}
