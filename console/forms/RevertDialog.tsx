import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import { useRevert } from '../api/use-deployment-change.ts';
import { line } from '../components/cli-line.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { RevisionDifference } from '../components/RevisionDifference.tsx';
import { CommandLine } from '../ui/CommandLine.tsx';
import { AcceptLoss } from './AcceptLoss.tsx';
import { TextField } from './fields/TextField.tsx';
import { isLossRefused } from './is-loss-refused.ts';

interface RevertDialogProps {
  readonly deployment: Deployment;
  readonly revision: number;
  readonly onClose: () => void;
}

/** States again what a revision stated; a running job gets it as with any other change. */
export function RevertDialog({ deployment, revision, onClose }: RevertDialogProps) {
  const { name, specRevision } = deployment;
  const revert = useRevert(name);
  const [reason, setReason] = useState('');
  const [accepted, setAccepted] = useState(false);
  const losing = isLossRefused(revert.error);
  return (
    <Modal
      visible
      size="large"
      closeAriaLabel="Close"
      header={`Revert ${name} to revision ${revision}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Close
            </Button>
            <Button
              variant="primary"
              disabled={losing && !accepted}
              loading={revert.isPending}
              onClick={() =>
                revert.mutate({ revision, reason, acceptStateLoss: accepted }, { onSuccess: onClose })
              }
            >
              Revert
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <div className="dialog">
        <SpaceBetween size="l">
          <Box variant="p">
            The deployment states again what revision {revision} stated. A running job gets it by its upgrade
            strategy, here {deployment.spec.upgradeStrategy.kind}.
          </Box>
          {revert.error === null ? null : <ProblemAlert error={revert.error} />}
          {losing ? <AcceptLoss losses={[]} accepted={accepted} onChange={setAccepted} /> : null}
          <RevisionDifference deployment={name} from={specRevision} to={revision} />
          <TextField label="Reason" value={reason} onChange={setReason} />
          <CommandLine command={line(['deployment', 'revert', name, String(revision)])} />
        </SpaceBetween>
      </div>
    </Modal>
  );
}
