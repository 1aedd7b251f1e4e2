import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { useSavepointAct, type SavepointAct } from '../api/use-savepoint-act.ts';
import { line } from '../components/cli-line.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { shortId } from '../components/short-id.ts';
import { CommandLine } from '../ui/CommandLine.tsx';
import { momentText } from '../ui/time-text.ts';
import { TextField } from './fields/TextField.tsx';

export interface SavepointDialogProps {
  readonly kind: SavepointAct['kind'];
  readonly savepoint: Savepoint;
  readonly onClose: () => void;
}

const titles: Readonly<Record<SavepointAct['kind'], string>> = {
  delete: 'Delete',
  purge: 'Remove for good',
  undelete: 'Bring back',
  hold: 'Hold',
  release: 'Release',
};

/** Says what will become of a savepoint, and does it. */
export function SavepointDialog({ kind, savepoint, onClose }: SavepointDialogProps) {
  const { id, deployment } = savepoint;
  const mutation = useSavepointAct(savepoint);
  const [reason, setReason] = useState('');
  const act: SavepointAct = kind === 'hold' ? { kind, reason } : { kind };
  const command = kind === 'purge' ? ['delete', deployment, id, '--purge'] : [kind, deployment, id];
  return (
    <Modal
      visible
      size="medium"
      closeAriaLabel="Close"
      header={`${titles[kind]}: savepoint ${shortId(id)}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Leave it as it is
            </Button>
            <Button
              variant="primary"
              disabled={kind === 'hold' && reason === ''}
              loading={mutation.isPending}
              onClick={() => mutation.mutate(act, { onSuccess: onClose })}
            >
              {titles[kind]}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <div className="dialog">
        <SpaceBetween size="l">
          {mutation.error === null ? null : <ProblemAlert error={mutation.error} />}
          <Box variant="p">{sentence(kind, savepoint)}</Box>
          {kind === 'hold' ? (
            <TextField
              label="Reason"
              placeholder="evidence of incident 4711"
              value={reason}
              onChange={setReason}
            />
          ) : null}
          <CommandLine
            command={line(['savepoint', ...command, ...(kind === 'hold' ? ['--reason', "'…'"] : [])])}
          />
        </SpaceBetween>
      </div>
    </Modal>
  );
}

function sentence(kind: SavepointAct['kind'], { deletion, hold }: Savepoint): string {
  switch (kind) {
    case 'delete':
      return 'It goes to the trash, from which it can be brought back for a while; after that its state is gone, except for what other savepoints and checkpoints hold.';
    case 'purge':
      return 'All of its state that no other savepoint or checkpoint holds is gone at once. Nothing brings it back.';
    case 'undelete':
      return deletion === null
        ? 'It comes back from the trash.'
        : `It comes back from the trash, where it would be removed at ${momentText(deletion.purgeAt)}.`;
    case 'hold':
      return 'Nobody and no rule deletes it until it is released.';
    case 'release':
      return `It is held${hold === null ? '' : ` ("${hold.reason}")`}; once it is released, it can be deleted again, by hand or by rule.`;
  }
}
