import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { newIdempotencyKey, useCarryOut, usePlan } from '../api/use-verb.ts';
import { isComplete, type Act, type VerbInput } from '../api/verb-input.ts';
import { verbLine } from '../components/cli-line.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { verbTitle } from '../components/verb-title.ts';
import { CommandLine } from '../ui/CommandLine.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { AcceptLoss } from './AcceptLoss.tsx';
import { PlanView } from './PlanView.tsx';
import { VerbFields } from './VerbFields.tsx';
import { verbSummary } from './verb-summary.ts';

export interface VerbDialogProps {
  readonly act: Act;
  readonly deployment: Deployment;
  /** What is filled in from the beginning, such as the savepoint whose menu it was opened from. */
  readonly initial?: VerbInput;
  readonly onClose: () => void;
  readonly onAccepted: (operation: Operation) => void;
}

/** Long enough for the next letter to come. */
const SETTLED_MS = 300;

/** Shows what a verb will do, takes what it needs to know, and asks the platform to carry it out. */
export function VerbDialog({ act, deployment, initial = {}, onClose, onAccepted }: VerbDialogProps) {
  const { name } = deployment;
  const [input, setInput] = useState<VerbInput>(initial);
  const [faulty, setFaulty] = useState(false);
  const [accepted, setAccepted] = useState(false);
  const [idempotencyKey] = useState(newIdempotencyKey);
  const settled = useSettled(input, SETTLED_MS);
  const plan = usePlan(act, name, settled);
  const carryOut = useCarryOut(act, name);
  const complete = isComplete(act, input) && !faulty;
  const current = settled === input && !plan.isPlaceholderData && !plan.isPending;
  const losses = plan.data?.losses ?? [];
  // Without a plan the worst is assumed of a deployment that is protected.
  const losing = losses.length > 0 || (plan.isError && deployment.spec.protected);
  const idle = plan.data?.steps.length === 0;
  const blocked = !complete || !current || idle || (losing && !accepted);
  const submit = (): void => {
    if (blocked) return;
    carryOut.mutate(
      { input, idempotencyKey, acceptStateLoss: losing && accepted },
      { onSuccess: onAccepted },
    );
  };
  return (
    <Modal
      visible
      size="large"
      closeAriaLabel="Close"
      header={`${verbTitle(act)} ${name}`}
      onDismiss={onClose}
      footer={
        <DialogFooter
          act={act}
          blocked={blocked}
          loading={carryOut.isPending}
          onClose={onClose}
          onSubmit={submit}
        />
      }
    >
      <form
        className="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <SpaceBetween size="l">
          <Box variant="p">{verbSummary(act)}</Box>
          {carryOut.error === null ? null : <ProblemAlert error={carryOut.error} />}
          <div className="fields">
            <VerbFields
              act={act}
              deployment={deployment}
              input={input}
              onChange={setInput}
              onFault={setFaulty}
            />
          </div>
          {plan.error === null ? null : <ProblemAlert error={plan.error} />}
          {complete ? <PlanView act={act} plan={plan.data} loading={!current} /> : null}
          {losing && complete ? (
            <AcceptLoss
              losses={losses}
              // The deployment that is promoted says itself, by its plan, what is lost.
              {...(deployment.spec.protected && act !== 'promote' ? { typedName: name } : {})}
              accepted={accepted}
              onChange={setAccepted}
            />
          ) : null}
          <CommandLine command={verbLine(act, name, input, losing && accepted)} />
        </SpaceBetween>
      </form>
    </Modal>
  );
}

interface DialogFooterProps {
  readonly act: Act;
  readonly blocked: boolean;
  readonly loading: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
}

function DialogFooter({ act, blocked, loading, onClose, onSubmit }: DialogFooterProps) {
  // "Cancel" would mean two things in the dialog of that verb.
  const keep = act === 'cancel' || act === 'delete' ? 'Keep it' : 'Close';
  return (
    <Box float="right">
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={onClose}>
          {keep}
        </Button>
        <Button variant="primary" disabled={blocked} loading={loading} onClick={onSubmit}>
          {act === 'cancel' ? 'Cancel the deployment' : verbTitle(act)}
        </Button>
      </SpaceBetween>
    </Box>
  );
}
